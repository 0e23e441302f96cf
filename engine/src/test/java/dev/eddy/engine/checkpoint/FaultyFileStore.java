package dev.eddy.engine.checkpoint;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A disk with a cache that a crash takes away: contents that were not forced may be torn or gone,
 * names whose folder was not forced may be the old ones. Fails the n-th operation on demand. One
 * thread.
 */
public final class FaultyFileStore implements FileStore {
  private final FileStore disk = new DiskFileStore();
  private final Random random;
  private final Path limbo;

  /** By the identity of the file, which renames and hard links keep. */
  private final Set<Object> forced = new HashSet<>();

  /** New name to old one, of renames whose folder was not forced since. */
  private final Map<Path, Path> renames = new LinkedHashMap<>();

  /** Place in limbo to name, of removals whose folder was not forced since. */
  private final Map<Path, Path> removals = new LinkedHashMap<>();

  private int operationsLeft = Integer.MAX_VALUE;
  private int removed;

  /**
   * @param limbo a folder for what was deleted, on the same file system
   */
  public FaultyFileStore(Random random, Path limbo) {
    this.random = random;
    this.limbo = limbo;
  }

  /** From the n-th operation on everything fails, until the next crash. */
  public void failAfter(int operations) {
    operationsLeft = operations;
  }

  private void count() throws IOException {
    if (operationsLeft-- <= 0) {
      throw new IOException("injected disk failure");
    }
  }

  private static Object identity(Path file) throws IOException {
    return Objects.requireNonNull(Files.getAttribute(file, "unix:ino"));
  }

  @Override
  public void force(Path file) throws IOException {
    count();
    disk.force(file);
    forced.add(identity(file));
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    count();
    disk.forceFolder(folder);
    renames.keySet().removeIf(name -> folder.equals(name.getParent()));
    removals.values().removeIf(name -> folder.equals(name.getParent()));
  }

  @Override
  public void createFolder(Path folder) throws IOException {
    count();
    disk.createFolder(folder);
  }

  @Override
  public void write(Path file, byte[] bytes) throws IOException {
    count();
    disk.write(file, bytes);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    count();
    disk.move(from, to);
    renames.put(to, from);
  }

  @Override
  public void delete(Path path) throws IOException {
    count();
    if (!String.valueOf(path.getFileName()).startsWith("checkpoint-") || !Files.exists(path)) {
      disk.delete(path);
      return;
    }
    Path grave = limbo.resolve("removed-" + removed++);
    disk.move(path, grave);
    removals.put(grave, path);
  }

  @Override
  public List<Path> list(Path folder) throws IOException {
    return disk.list(folder);
  }

  /** The power goes: what was not forced may be lost, below this folder. */
  public void crash(Path folder) throws IOException {
    operationsLeft = Integer.MAX_VALUE;
    for (Map.Entry<Path, Path> rename : renames.entrySet()) {
      if (random.nextBoolean() && Files.exists(rename.getKey())) {
        disk.delete(rename.getValue());
        disk.move(rename.getKey(), rename.getValue());
      }
    }
    for (Map.Entry<Path, Path> removal : removals.entrySet()) {
      if (random.nextBoolean() && !Files.exists(removal.getValue())) {
        disk.move(removal.getKey(), removal.getValue());
      }
    }
    renames.clear();
    removals.clear();
    for (Path file : filesBelow(folder)) {
      if (!forced.contains(identity(file))) {
        damage(file);
      }
    }
  }

  /** Flips a byte of a random file below the folder, cuts it, or removes it. */
  public void damageOne(Path folder) throws IOException {
    List<Path> files = filesBelow(folder);
    if (!files.isEmpty()) {
      damage(files.get(random.nextInt(files.size())));
    }
  }

  private void damage(Path file) throws IOException {
    long length = Files.size(file);
    switch (length == 0 ? 0 : random.nextInt(3)) {
      case 0 -> Files.delete(file);
      case 1 -> {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
          open.setLength(random.nextLong(length));
        }
      }
      default -> {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
          open.seek(random.nextLong(length));
          int old = open.read();
          open.seek(open.getFilePointer() - 1);
          open.write(old ^ (1 << random.nextInt(8)));
        }
      }
    }
  }

  private static List<Path> filesBelow(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return new ArrayList<>(all.filter(Files::isRegularFile).sorted().toList());
    }
  }
}
