package dev.eddy.standalone.role;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who a process without shards is: an id that its folder keeps, and a number that grows with every
 * start.
 */
final class NodeIdentity implements AutoCloseable {
  private final String nodeId;
  private final long incarnation;
  private final FileChannel lockFile;

  private NodeIdentity(String nodeId, long incarnation, FileChannel lockFile) {
    this.nodeId = nodeId;
    this.incarnation = incarnation;
    this.lockFile = lockFile;
  }

  /**
   * Takes the folder for this process.
   *
   * @throws IllegalStateException when another process has it
   */
  static NodeIdentity open(Path folder) {
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve("process.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new IllegalStateException(
            "data folder "
                + folder
                + " is in use by another eddy process; give this one its own --data");
      }
      return read(folder, channel);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "data folder " + folder + " can't be used: " + e.getMessage(), e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static NodeIdentity read(Path folder, FileChannel lockFile) throws IOException {
    Path file = folder.resolve("process.properties");
    Properties known = new Properties();
    if (Files.exists(file)) {
      try (var reader = Files.newBufferedReader(file)) {
        known.load(reader);
      }
    }
    String nodeId = known.getProperty("node-id", UUID.randomUUID().toString());
    long incarnation = Long.parseLong(known.getProperty("incarnation", "0")) + 1;
    known.setProperty("node-id", nodeId);
    known.setProperty("incarnation", Long.toString(incarnation));
    Path next = folder.resolve("process.properties.next");
    try (var writer = Files.newBufferedWriter(next)) {
      known.store(writer, null);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return new NodeIdentity(nodeId, incarnation, lockFile);
  }

  String nodeId() {
    return nodeId;
  }

  long incarnation() {
    return incarnation;
  }

  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
