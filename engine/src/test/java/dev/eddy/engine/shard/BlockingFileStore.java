package dev.eddy.engine.shard;

import dev.eddy.engine.checkpoint.DiskFileStore;
import dev.eddy.engine.checkpoint.FileStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A disk that takes no whole file, such as a manifest, while it is told to wait. Thread-safe. */
final class BlockingFileStore implements FileStore {
  private final FileStore disk = new DiskFileStore();
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile boolean isBlocking;

  void block() {
    isBlocking = true;
  }

  /** Waits until somebody waits for the disk. */
  void awaitReached() throws InterruptedException {
    reached.await();
  }

  void release() {
    isBlocking = false;
    released.countDown();
  }

  @Override
  public void write(Path file, byte[] bytes) throws IOException {
    if (isBlocking) {
      reached.countDown();
      try {
        released.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
    disk.write(file, bytes);
  }

  @Override
  public void force(Path file) throws IOException {
    disk.force(file);
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    disk.forceFolder(folder);
  }

  @Override
  public void createFolder(Path folder) throws IOException {
    disk.createFolder(folder);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    disk.move(from, to);
  }

  @Override
  public void delete(Path path) throws IOException {
    disk.delete(path);
  }

  @Override
  public List<Path> list(Path folder) throws IOException {
    return disk.list(folder);
  }
}
