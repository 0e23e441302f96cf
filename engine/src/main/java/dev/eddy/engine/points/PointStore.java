package dev.eddy.engine.points;

import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PointId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of a shard's state that lives in RocksDB: payload by slot, and slot by id in the order
 * of ids. Without a log of its own: what a crash takes comes back from the shard's log.
 *
 * <p>An empty payload is stored as nothing. Writes are gathered and reach RocksDB at {@link
 * #tryWrite} or a snapshot; reads see them before.
 *
 * <p>The database is opened when something of it is read or written, by whoever comes first. What
 * is only read is read where the store was copied from, until it is written. When it does not open,
 * that is damage like any other that is found later: who needed it fails, and {@link #throwDamage}
 * tells the writer.
 *
 * <p>Threading: owned by the shard's writer; readers use a {@link StoreSnapshot}. The database is
 * closed when the store and all its snapshots are.
 */
public final class PointStore implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PointStore.class);

  private final Path home;
  private final StoreOrigin origin;
  private final LazyDb lazy;
  private final AtomicInteger references = new AtomicInteger(1);
  private final GatheredWrites pending;
  private boolean isClosed;
  private volatile boolean isReleased;

  private volatile @Nullable Exception damage;

  /** Hands a batch to the database, which may refuse it. */
  @FunctionalInterface
  interface BatchWriter {
    void write(WriteOptions options, WriteBatch batch) throws RocksDBException;
  }

  private PointStore(
      Path home,
      StoreOrigin origin,
      StoreResources resources,
      LazyDb lazy,
      UnaryOperator<BatchWriter> disk) {
    this.home = home;
    this.origin = origin;
    this.lazy = lazy;
    this.pending =
        new GatheredWrites(
            this::opened,
            resources.writeOptions(),
            disk.apply((options, batch) -> opened().db().write(options, batch)));
  }

  /** Opens the store in a folder, which is made if missing. */
  public static PointStore open(Path folder, StoreResources resources) throws IOException {
    return open(folder, resources, writer -> writer);
  }

  /** The same with a disk that a test may let be full. */
  static PointStore open(Path folder, StoreResources resources, UnaryOperator<BatchWriter> disk)
      throws IOException {
    LazyDb lazy = new LazyDb(opener(folder, StoreOrigin.NOTHING, resources));
    var _ = lazy.open();
    return new PointStore(folder, StoreOrigin.NOTHING, resources, lazy, disk);
  }

  /**
   * A store that is opened when something of it is needed.
   *
   * @param folder its own, empty
   */
  public static PointStore later(Path folder, StoreOrigin origin, StoreResources resources) {
    LazyDb lazy = new LazyDb(opener(folder, origin, resources));
    return new PointStore(folder, origin, resources, lazy, writer -> writer);
  }

  private static LazyDb.Opener opener(Path folder, StoreOrigin origin, StoreResources resources) {
    return new LazyDb.Opener() {
      @Override
      public StoreDb open() throws IOException {
        if (origin.copy() != null) {
          StoreDb.take(origin.copy(), folder);
        }
        return StoreDb.open(folder, resources);
      }

      @Override
      public @Nullable StoreDb openToRead() throws IOException {
        return origin.copy() == null ? null : StoreDb.openToRead(origin.copy(), resources);
      }
    };
  }

  /** Opens the store if it is not open. */
  public void openNow() throws IOException {
    var _ = lazy.open();
  }

  private StoreDb opened() {
    try {
      return lazy.open();
    } catch (IOException e) {
      throw doesNotOpen(e);
    }
  }

  /** Notes that what the store is to be made of can't be used. */
  IllegalStateException doesNotOpen(IOException cause) {
    markDamaged(cause);
    return new IllegalStateException("point store failed: " + cause.getMessage(), cause);
  }

  /** Sets the payload of a slot; an empty one removes what is there. */
  public void putPayload(int slot, Payload payload) {
    try {
      pending.putPayload(slot, payload);
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  public void deletePayload(int slot) {
    putPayload(slot, Payload.EMPTY);
  }

  public void putId(PointId id, int slot) {
    try {
      pending.putId(id, slot);
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  public void deleteId(PointId id) {
    try {
      pending.deleteId(id);
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  /**
   * Hands what was gathered to RocksDB. When its disk is full or failing for now, everything is
   * kept for the next call; nothing more should be gathered before one succeeds.
   *
   * @return whether nothing is left here
   */
  public boolean tryWrite() {
    try {
      return pending.tryWrite();
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  /** Why the last {@link #tryWrite} did not succeed; empty when it did. */
  public Optional<String> refusal() {
    return pending.refusal();
  }

  /** The payload of a slot as of now, whether the disk takes writes or not. */
  public Payload payload(int slot) {
    Payload gathered = pending.payload(slot);
    if (gathered != null) {
      return gathered;
    }
    try {
      StoreDb open = opened();
      byte @Nullable [] json = open.db().get(open.payloads(), StoreKeys.ofSlot(slot));
      return json == null ? Payload.EMPTY : new Payload(json);
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  /** Whether damage is known. Safe from any thread. */
  public boolean isDamaged() {
    return damage != null;
  }

  /**
   * Opens the store if it is not open, and reads all tables.
   *
   * @throws CorruptFileException when RocksDB finds one that is not as it was written
   * @throws IOException when it does not open
   */
  public void verify() throws IOException {
    StoreDb open = lazy.open();
    try {
      open.db().verifyChecksum();
    } catch (RocksDBException e) {
      throw new CorruptFileException(
          home, 0, "tables as they were written", String.valueOf(e.getMessage()));
    }
  }

  /**
   * Everything up to now, unchanging; the caller closes it.
   *
   * @throws IllegalStateException while {@link #tryWrite} does not succeed
   */
  public StoreSnapshot snapshot() {
    if (!tryWrite()) {
      throw new IllegalStateException("point store takes no writes: " + refusal().orElse(""));
    }
    retain();
    return new StoreSnapshot(this, lazy);
  }

  private void flush(boolean wait) throws IOException {
    if (!tryWrite()) {
      throw new IOException("point store takes no writes: " + refusal().orElse(""));
    }
    StoreDb open = opened();
    try (FlushOptions options = new FlushOptions().setWaitForFlush(wait).setAllowWriteStall(true)) {
      open.db().flush(options, open.families());
    } catch (RocksDBException e) {
      throw new IOException("point store does not flush: " + e.getMessage(), e);
    }
  }

  /**
   * Takes the store as of now, to be copied by any thread while this one goes on. What is in memory
   * begins to move to files; that is not waited for.
   */
  public PointStoreCopy beginCopy() throws IOException {
    flush(false);
    retain();
    try {
      return new PointStoreCopy(this, opened(), home);
    } catch (RocksDBException e) {
      release();
      throw new IOException("checkpoint of point store failed: " + e.getMessage(), e);
    }
  }

  /**
   * Copies the store as of now into a folder that must not exist: hard links where possible. The
   * caller forces it to disk, and nothing is changed meanwhile.
   */
  public void copyTo(Path folder) throws IOException {
    flush(true);
    try (Checkpoint checkpoint = Checkpoint.create(opened().db())) {
      checkpoint.createCheckpoint(folder.toString());
    } catch (RocksDBException e) {
      throw new IOException("checkpoint of point store failed: " + e.getMessage(), e);
    }
  }

  /** Bytes of live files. */
  public long diskBytes() {
    StoreDb open = lazy.ifOpen();
    return open == null ? origin.diskBytes() : property(open, "rocksdb.live-sst-files-size");
  }

  /** What payloads take: an estimate, which counts some of what was overwritten lately. */
  public long payloadBytes() {
    StoreDb open = lazy.ifOpen();
    if (open == null) {
      return origin.payloadBytes();
    }
    try {
      return open.db().getLongProperty(open.payloads(), "rocksdb.estimate-live-data-size")
          + open.db().getLongProperty(open.payloads(), "rocksdb.cur-size-active-mem-table");
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  /** Bytes of write buffers; the shared block cache is not counted. */
  public long memoryBytes() {
    StoreDb open = lazy.ifOpen();
    return open == null ? 0 : property(open, "rocksdb.cur-size-all-mem-tables");
  }

  private long property(StoreDb open, String name) {
    try {
      return open.db().getAggregatedLongProperty(name);
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  /**
   * Notes damage, a disk that does not give what was written among it; {@link #throwDamage} tells
   * the writer.
   */
  IllegalStateException failed(RocksDBException cause) {
    if (isCorruption(cause) || GatheredWrites.isOfDisk(cause)) {
      markDamaged(cause);
    }
    return new IllegalStateException("point store failed: " + cause.getMessage(), cause);
  }

  private static boolean isCorruption(RocksDBException e) {
    return e.getStatus() != null && e.getStatus().getCode() == Status.Code.Corruption;
  }

  /** So that the next start reads tables in full before it uses them. */
  private void markDamaged(Exception cause) {
    try {
      Files.writeString(markOf(home), "");
    } catch (IOException e) {
      log.warn("event=damage-not-noted store={}", home, e);
    }
    damage = cause; // After the mark, as who is told may give up the state and open the next.
  }

  /** Where damage of the store in a folder is noted, for the next start. */
  public static Path markOf(Path home) {
    return home.resolveSibling(home.getFileName() + ".corrupt");
  }

  /** Whether the store that was in the folder was found damaged. */
  public static boolean wasDamaged(Path folder) {
    return Files.exists(markOf(folder));
  }

  /**
   * Does nothing while no damage is known: RocksDB checks each block of its tables when it reads
   * it.
   *
   * @throws UncheckedIOException of a {@link CorruptFileException}
   */
  public void throwDamage() {
    Exception known = damage;
    if (known != null) {
      throw new UncheckedIOException(
          new CorruptFileException(
              home, 0, "tables as they were written", String.valueOf(known.getMessage())));
    }
  }

  private void retain() {
    references.incrementAndGet();
  }

  void release() {
    if (references.decrementAndGet() == 0) {
      pending.close();
      lazy.close();
      isReleased = true;
    }
  }

  /** Whether the database is closed, so that its files may go. Safe from any thread. */
  public boolean isReleased() {
    return isReleased;
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      release();
    }
  }
}
