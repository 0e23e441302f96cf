package dev.eddy.engine.points;

import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PointId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractImmutableNativeReference;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
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
 * <p>Threading: owned by the shard's writer; readers use a {@link StoreSnapshot}. The database is
 * closed when the store and all its snapshots are.
 */
public final class PointStore implements AutoCloseable {
  private static final int PENDING_BYTES_MAX = 1 << 20;

  /** A batch keeps its room when it is emptied, and there may be thousands of stores. */
  private static final int KEPT_BYTES_MAX = 8 << 10;

  private static final int KEPT_PAYLOADS_MAX = 128;

  private static final byte[] PAYLOADS = {'p'};
  private static final Logger log = LoggerFactory.getLogger(PointStore.class);

  private final Path home;
  private final RocksDB db;
  private final ColumnFamilyHandle idFamily;
  private final ColumnFamilyHandle payloadFamily;
  private final List<AbstractImmutableNativeReference> closedInOrder = new ArrayList<>();
  private final AtomicInteger references = new AtomicInteger(1);
  private final WriteOptions writeOptions;
  private final BatchWriter writer;
  private WriteBatch pending = new WriteBatch();
  private boolean hasPending;

  /** What is gathered of payloads, by slot. */
  private Map<Integer, Payload> pendingPayloads = new HashMap<>();

  private boolean isClosed;
  private volatile boolean isReleased;

  private volatile @Nullable RocksDBException damage;

  /** Why RocksDB took no writes last time; null when it did. */
  private @Nullable RocksDBException refusal;

  /** Hands a batch to the database, which may refuse it. */
  @FunctionalInterface
  interface BatchWriter {
    void write(WriteOptions options, WriteBatch batch) throws RocksDBException;
  }

  private PointStore(
      Path home,
      RocksDB db,
      List<ColumnFamilyHandle> families,
      WriteOptions writeOptions,
      BatchWriter writer) {
    this.home = home;
    this.db = db;
    this.idFamily = families.get(0);
    this.payloadFamily = families.get(1);
    this.writeOptions = writeOptions;
    this.writer = writer;
    closedInOrder.addAll(families);
    closedInOrder.add(db);
  }

  /** Opens the store in a folder, which is made if missing. */
  public static PointStore open(Path folder, StoreResources resources) throws IOException {
    return open(folder, resources, writer -> writer);
  }

  /** The same with a disk that a test may let be full. */
  static PointStore open(Path folder, StoreResources resources, UnaryOperator<BatchWriter> disk)
      throws IOException {
    List<ColumnFamilyHandle> families = new ArrayList<>();
    try {
      RocksDB db =
          RocksDB.open(
              resources.options(),
              folder.toString(),
              List.of(
                  new ColumnFamilyDescriptor(
                      RocksDB.DEFAULT_COLUMN_FAMILY, resources.familyOptions()),
                  new ColumnFamilyDescriptor(PAYLOADS, resources.familyOptions())),
              families);
      return new PointStore(folder, db, families, resources.writeOptions(), disk.apply(db::write));
    } catch (RocksDBException e) {
      throw new IOException("point store in " + folder + " does not open: " + e.getMessage(), e);
    }
  }

  /** Sets the payload of a slot; an empty one removes what is there. */
  public void putPayload(int slot, Payload payload) {
    if (payload.isEmpty()) {
      deletePayload(slot);
      return;
    }
    try {
      pending.put(payloadFamily, StoreKeys.ofSlot(slot), payload.json());
      pendingPayloads.put(slot, payload);
      gathered();
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  public void deletePayload(int slot) {
    try {
      pending.delete(payloadFamily, StoreKeys.ofSlot(slot));
      pendingPayloads.put(slot, Payload.EMPTY);
      gathered();
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  public void putId(PointId id, int slot) {
    try {
      pending.put(idFamily, StoreKeys.ofId(id), StoreKeys.ofSlot(slot));
      gathered();
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  public void deleteId(PointId id) {
    try {
      pending.delete(idFamily, StoreKeys.ofId(id));
      gathered();
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  private void gathered() {
    hasPending = true;
    if (pending.getDataSize() > PENDING_BYTES_MAX && refusal == null) {
      boolean _ = tryWrite();
    }
  }

  /**
   * Hands what was gathered to RocksDB. When its disk is full or failing for now, everything is
   * kept for the next call; nothing more should be gathered before one succeeds.
   *
   * @return whether nothing is left here
   */
  public boolean tryWrite() {
    if (!hasPending) {
      return true;
    }
    try {
      writer.write(writeOptions, pending);
    } catch (RocksDBException e) {
      if (!isOfDisk(e)) {
        throw failed(e);
      }
      refusal = e;
      return false;
    }
    empty();
    hasPending = false;
    refusal = null;
    return true;
  }

  private void empty() {
    if (pending.getDataSize() > KEPT_BYTES_MAX) {
      pending.close();
      pending = new WriteBatch();
    } else {
      pending.clear();
    }
    if (pendingPayloads.size() > KEPT_PAYLOADS_MAX) {
      pendingPayloads = new HashMap<>();
    } else {
      pendingPayloads.clear();
    }
  }

  private static boolean isOfDisk(RocksDBException e) {
    return e.getStatus() != null && e.getStatus().getCode() == Status.Code.IOError;
  }

  /** Why the last {@link #tryWrite} did not succeed; empty when it did. */
  public Optional<String> refusal() {
    return Optional.ofNullable(refusal).map(RocksDBException::getMessage);
  }

  /** The payload of a slot as of now, whether the disk takes writes or not. */
  public Payload payload(int slot) {
    Payload gathered = pendingPayloads.get(slot);
    if (gathered != null) {
      return gathered;
    }
    try {
      byte @Nullable [] json = db.get(payloadFamily, StoreKeys.ofSlot(slot));
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
   * Reads all tables.
   *
   * @throws CorruptFileException when RocksDB finds one that is not as it was written
   */
  public void verify() throws IOException {
    try {
      db.verifyChecksum();
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
    return new StoreSnapshot(this, db, idFamily, payloadFamily);
  }

  private void flush(boolean wait) throws IOException {
    if (!tryWrite()) {
      throw new IOException("point store takes no writes: " + refusal().orElse(""));
    }
    try (FlushOptions options = new FlushOptions().setWaitForFlush(wait).setAllowWriteStall(true)) {
      db.flush(options, List.of(idFamily, payloadFamily));
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
      return new PointStoreCopy(this, db, List.of(idFamily, payloadFamily), home);
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
    try (Checkpoint checkpoint = Checkpoint.create(db)) {
      checkpoint.createCheckpoint(folder.toString());
    } catch (RocksDBException e) {
      throw new IOException("checkpoint of point store failed: " + e.getMessage(), e);
    }
  }

  /** Bytes of live files. */
  public long diskBytes() {
    return property("rocksdb.live-sst-files-size");
  }

  /** What payloads take: an estimate, which counts some of what was overwritten lately. */
  public long payloadBytes() {
    try {
      return db.getLongProperty(payloadFamily, "rocksdb.estimate-live-data-size")
          + db.getLongProperty(payloadFamily, "rocksdb.cur-size-active-mem-table");
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  /** Bytes of write buffers; the shared block cache is not counted. */
  public long memoryBytes() {
    return property("rocksdb.cur-size-all-mem-tables");
  }

  private long property(String name) {
    try {
      return db.getAggregatedLongProperty(name);
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  /**
   * Notes damage, a disk that does not give what was written among it; {@link #throwDamage} tells
   * the writer.
   */
  IllegalStateException failed(RocksDBException cause) {
    if (isCorruption(cause) || isOfDisk(cause)) {
      damage = cause;
      markDamaged();
    }
    return new IllegalStateException("point store failed: " + cause.getMessage(), cause);
  }

  private static boolean isCorruption(RocksDBException e) {
    return e.getStatus() != null && e.getStatus().getCode() == Status.Code.Corruption;
  }

  /** So that the next start reads tables in full before it uses them. */
  private void markDamaged() {
    try {
      Files.writeString(markOf(home), "");
    } catch (IOException e) {
      log.warn("event=damage-not-noted store={}", home, e);
    }
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
    RocksDBException known = damage;
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
      closedInOrder.forEach(AbstractImmutableNativeReference::close);
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
