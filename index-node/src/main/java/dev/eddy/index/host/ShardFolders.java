package dev.eddy.index.host;

import dev.eddy.model.shard.ShardId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where shards live on disk: one folder each below {@code shards}, what was set aside after a log
 * divergence below {@code set-aside}, what is being deleted below {@code trash}.
 *
 * <p>Threading: safe from any thread for different shards.
 */
public final class ShardFolders {
  private final Path shards;
  private final Path setAside;
  private final Path trash;
  private final AtomicLong trashNumber = new AtomicLong();

  /** Creates what is missing below the data folder and empties the trash. */
  public ShardFolders(Path data) throws IOException {
    this.shards = Files.createDirectories(data.resolve("shards"));
    this.setAside = Files.createDirectories(data.resolve("set-aside"));
    this.trash = Files.createDirectories(data.resolve("trash"));
    try (Stream<Path> left = Files.list(trash)) {
      for (Path folder : left.toList()) {
        deleteTree(folder);
      }
    }
  }

  /** The shard's folder; the engine creates it. */
  public Path of(ShardId shard) {
    return shards.resolve(nameOf(shard));
  }

  /** Removes everything of a shard, so that it is gone at once even if deleting takes long. */
  void discard(ShardId shard) throws IOException {
    discard(of(shard));
    discard(setAside.resolve(nameOf(shard)));
  }

  /** Keeps the shard's state out of the way, in place of what was set aside before. */
  void setAside(ShardId shard) throws IOException {
    Path target = setAside.resolve(nameOf(shard));
    discard(target);
    moveIfThere(of(shard), target);
  }

  /** Discards the folders of all shards but these; returns their names. */
  Set<String> sweep(Set<ShardId> kept) throws IOException {
    Set<String> names = new HashSet<>();
    kept.forEach(shard -> names.add(nameOf(shard)));
    Set<String> swept = new HashSet<>();
    for (Path root : new Path[] {shards, setAside}) {
      try (Stream<Path> folders = Files.list(root)) {
        for (Path folder : folders.toList()) {
          String name = String.valueOf(folder.getFileName());
          if (!names.contains(name)) {
            discard(folder);
            swept.add(name);
          }
        }
      }
    }
    return swept;
  }

  private static String nameOf(ShardId shard) {
    return "%s.g%d.%d".formatted(shard.collectionId(), shard.generation(), shard.shard());
  }

  private void discard(Path folder) throws IOException {
    Path doomed = trash.resolve(folder.getFileName() + "-" + trashNumber.incrementAndGet());
    if (moveIfThere(folder, doomed)) {
      deleteTree(doomed);
    }
  }

  private static boolean moveIfThere(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (NoSuchFileException _) {
      return false;
    }
  }

  private static void deleteTree(Path root) throws IOException {
    try {
      Files.walkFileTree(root, new Deleting());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static final class Deleting extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (e instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw e;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
        throws IOException {
      if (e != null) {
        throw e;
      }
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
