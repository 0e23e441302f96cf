package dev.eddy.engine.points;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * A point store at one moment, to be copied into a folder by any one thread while the writer goes
 * on. Close it when done, copied or not.
 *
 * <p>At the moment it was taken, what RocksDB had in memory was set apart to be flushed. Once that
 * is in tables, and as long as nothing newer is, the live tables and the manifest are exactly the
 * store of that moment: there is no log that could add to them. Sequence numbers tell.
 */
public final class PointStoreCopy implements AutoCloseable {
  private static final long POLL_NANOS_MIN = 500_000;
  private static final long POLL_NANOS_MAX = 10_000_000;

  /** About two minutes. */
  private static final int POLLS_MAX = 12_000;

  /** Compactions may replace tables between two looks at them; they do not do so often. */
  private static final int LOOKS_MAX = 100;

  private final PointStore store;
  private final RocksDB db;
  private final List<ColumnFamilyHandle> families;
  private final Path home;
  private final long lastSequence;
  private final long failuresBefore;
  private long payloadBytes;
  private boolean isClosed;

  PointStoreCopy(PointStore store, StoreDb open, Path home) throws RocksDBException {
    this.store = store;
    this.db = open.db();
    this.families = open.families();
    this.home = home;
    this.lastSequence = db.getLatestSequenceNumber();
    this.failuresBefore = failures();
  }

  /**
   * Copies the store into a folder that must not exist, by hard links where files never change. The
   * caller forces it to disk.
   *
   * @return false, with an incomplete folder, when newer changes were flushed meanwhile
   */
  public boolean writeTo(Path folder) throws IOException {
    try {
      awaitFlushed();
      db.disableFileDeletions();
      try {
        return link(folder);
      } finally {
        db.enableFileDeletions();
      }
    } catch (RocksDBException e) {
      throw new IOException("checkpoint of point store failed: " + e.getMessage(), e);
    }
  }

  /** What payloads take in what was copied, as {@link PointStore#payloadBytes} would say. */
  public long payloadBytes() {
    return payloadBytes;
  }

  private void awaitFlushed() throws RocksDBException, IOException {
    long pause = POLL_NANOS_MIN;
    for (int i = 0; i < POLLS_MAX; i++) {
      long waiting = 0;
      for (ColumnFamilyHandle family : families) {
        waiting += db.getLongProperty(family, "rocksdb.num-immutable-mem-table");
      }
      if (waiting == 0) {
        return;
      }
      if (failures() > failuresBefore) {
        throw new IOException("point store in " + home + " can't be flushed");
      }
      LockSupport.parkNanos(pause);
      pause = Math.min(POLL_NANOS_MAX, 2 * pause);
    }
    throw new IOException("point store in " + home + " was not flushed in time");
  }

  private long failures() throws RocksDBException {
    return db.getLongProperty("rocksdb.background-errors");
  }

  private boolean link(Path folder) throws IOException, RocksDBException {
    for (int look = 0; look < LOOKS_MAX; look++) {
      List<LiveFileMetaData> tables = db.getLiveFilesMetaData();
      RocksDB.LiveFiles live = db.getLiveFiles(false);
      Set<String> names = new HashSet<>();
      payloadBytes = 0;
      for (LiveFileMetaData table : tables) {
        names.add(table.fileName());
        payloadBytes += StoreDb.isOfPayloads(table.columnFamilyName()) ? table.size() : 0;
      }
      Set<String> tableFiles = new HashSet<>();
      for (String file : live.files) {
        if (file.endsWith(".sst")) {
          tableFiles.add(file);
        }
      }
      if (!names.equals(tableFiles)) {
        continue;
      }
      for (LiveFileMetaData table : tables) {
        if (table.largestSeqno() > lastSequence) {
          return false;
        }
      }
      Files.createDirectory(folder);
      for (String file : live.files) {
        put(file.substring(1), live.manifestFileSize, folder);
      }
      return true;
    }
    throw new IOException("tables of point store in " + home + " change too often");
  }

  private void put(String name, long manifestBytes, Path folder) throws IOException {
    Path source = home.resolve(name);
    Path target = folder.resolve(name);
    if (name.endsWith(".sst")) {
      Files.createLink(target, source);
    } else if (name.startsWith("MANIFEST-")) {
      copy(source, target, manifestBytes);
      Files.write(
          folder.resolve("CURRENT"),
          (name + "\n").getBytes(StandardCharsets.US_ASCII),
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.WRITE);
    } else if (!name.equals("CURRENT")) {
      Files.copy(source, target);
    }
  }

  /** The manifest goes on growing: what stands behind the length is of a later moment. */
  private static void copy(Path source, Path target, long lengthBytes) throws IOException {
    try (FileChannel in = FileChannel.open(source, StandardOpenOption.READ);
        FileChannel out =
            FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long done = 0;
      while (done < lengthBytes) {
        long step = in.transferTo(done, lengthBytes - done, out);
        if (step <= 0) {
          throw new IOException("%s ends at %d of %d bytes".formatted(source, done, lengthBytes));
        }
        done += step;
      }
    }
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      store.release();
    }
  }
}
