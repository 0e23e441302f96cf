package dev.eddy.engine.shard;

import dev.eddy.engine.multi.MultiField;
import dev.eddy.engine.multi.RowGraph;
import dev.eddy.engine.segment.CodeSettings;
import dev.eddy.engine.segment.SegmentResources;
import dev.eddy.engine.segment.VectorFieldSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the graph of a multivector's rows when there are enough of them.
 *
 * @param settings of its rows, by the stem of their files
 * @param stem that begins its files' names
 * @param numbersMax rows that a graph may number
 * @param isPreferred whether searches use it even where comparing all costs less
 */
record RowGraphMaker(
    Function<String, VectorFieldSettings> settings,
    SegmentResources resources,
    String stem,
    int numbersMax,
    boolean isPreferred) {
  private static final String ROWS = "-rows";

  RowGraphMaker(
      Function<String, VectorFieldSettings> settings,
      SegmentResources resources,
      String stem,
      boolean isPreferred) {
    this(settings, resources, stem, RowGraph.NUMBERS_MAX, isPreferred);
  }

  /**
   * What a checkpoint's manifest calls the rows; no vector has the name.
   *
   * @param isComplete whether they are those of all multivectors
   */
  static String rowsName(String name, boolean isComplete) {
    return name + (isComplete ? "\0rows" : "\0some-rows");
  }

  /** What a checkpoint's manifest calls their numbers; no vector has the name. */
  static String numbersName(String name, boolean isComplete) {
    return name + (isComplete ? "\0numbers" : "\0some-numbers");
  }

  /** As a graph of a checkpoint goes on. */
  VectorFieldSettings restored() {
    return settings.apply(stem + ROWS);
  }

  /** Fewer rows are compared one by one. */
  boolean isDue(MultiField vectors) {
    VectorFieldSettings chosen = restored();
    return chosen.hasGraph() && vectors.liveRows() > chosen.fullScanRows();
  }

  /**
   * A graph to be filled with all that is there.
   *
   * <p>Files of graphs before it, also of one that was restored, may still be read: its own have
   * another name.
   */
  RowGraph begin(MultiField vectors, @Nullable CodeSettings codes) {
    String files;
    int number = 0;
    do {
      files = stem + ROWS + vectors.slotCount() + "-" + number++;
    } while (isTaken(files));
    return RowGraph.begin(settings.apply(files), resources, codes, numbersMax, vectors);
  }

  private boolean isTaken(String files) {
    try (Stream<Path> present = Files.list(resources.liveFolder())) {
      return present.anyMatch(file -> String.valueOf(file.getFileName()).startsWith(files));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
