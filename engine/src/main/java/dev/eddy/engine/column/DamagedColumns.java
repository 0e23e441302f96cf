package dev.eddy.engine.column;

import static java.util.Objects.requireNonNull;

import dev.eddy.engine.format.CorruptFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Sealed files that were found damaged while they were in use, by their names: what they hold is
 * read only when it is needed, so opening a checkpoint does not find it. At the next start these
 * are read in full.
 *
 * @param names of files, without folder
 */
public record DamagedColumns(List<String> names) {
  public DamagedColumns {
    names = List.copyOf(names);
  }

  /**
   * As the folder says in which a shard worked last; it may be missing.
   *
   * @param isDerived which columns are passed over, by the stem of their files: they are made again
   *     from others
   */
  public static DamagedColumns in(Path liveFolder, Predicate<String> isDerived) throws IOException {
    if (!Files.isDirectory(liveFolder)) {
      return new DamagedColumns(List.of());
    }
    String end = FileNumbers.END + ColumnRun.CORRUPT;
    try (Stream<Path> files = Files.list(liveFolder)) {
      return new DamagedColumns(
          files
              .map(file -> String.valueOf(file.getFileName()))
              .filter(name -> name.endsWith(end))
              .map(name -> name.substring(0, name.length() - ColumnRun.CORRUPT.length()))
              .filter(name -> !isDerived.test(FileNumbers.stemOf(name)))
              .toList());
    }
  }

  /**
   * Reads those that a checkpoint has, too.
   *
   * @throws CorruptFileException when one is not what was written
   */
  public void check(Path checkpointFolder) throws IOException {
    for (String name : names) {
      Path file = checkpointFolder.resolve(name);
      if (Files.exists(file)) {
        try {
          ColumnRun.open(file).checkAll();
        } catch (UncheckedIOException damaged) {
          throw requireNonNull(damaged.getCause(), "cause");
        }
      }
    }
  }
}
