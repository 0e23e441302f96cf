package dev.eddy.kafka.broker;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The broker's folder, held exclusively from opening to closing.
 *
 * <p>The operating system drops the lock when the process dies, however it dies, so a stale lock
 * cannot exist.
 */
final class DataFolder implements AutoCloseable {
  private final Path logFolder;
  private final FileChannel lockChannel;

  private DataFolder(Path logFolder, FileChannel lockChannel) {
    this.logFolder = logFolder;
    this.lockChannel = lockChannel;
  }

  /** Creates the folder if it is missing and locks it. */
  static DataFolder open(Path folder) {
    try {
      Path logFolder = folder.toAbsolutePath().normalize().resolve("log");
      Files.createDirectories(logFolder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve("broker.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(folder, channel) == null) {
        channel.close();
        throw new DataFolderLockedException(folder, null);
      }
      return new DataFolder(logFolder, channel);
    } catch (IOException e) {
      throw new BrokerStartException(
          "broker data folder %s cannot be used: %s".formatted(folder, e), e);
    }
  }

  private static @Nullable FileLock tryLock(Path folder, FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new DataFolderLockedException(folder, e);
    }
  }

  /** Where Kafka keeps partitions, its metadata log and the cluster id. */
  Path logFolder() {
    return logFolder;
  }

  @Override
  public void close() throws IOException {
    lockChannel.close();
  }
}
