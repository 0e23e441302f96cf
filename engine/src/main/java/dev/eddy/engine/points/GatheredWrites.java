package dev.eddy.engine.points;

import dev.eddy.engine.points.PointStore.BatchWriter;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PointId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Changes of a {@link PointStore} that RocksDB does not have yet. All of them reach it in one
 * batch, in their order, or none does.
 *
 * <p>Owned by the shard's writer, but for {@link #close}.
 */
final class GatheredWrites implements AutoCloseable {
  private static final int BYTES_MAX = 1 << 20;

  /** A batch keeps its room when it is emptied, and there may be thousands of stores. */
  private static final int KEPT_BYTES_MAX = 8 << 10;

  private static final int KEPT_PAYLOADS_MAX = 128;

  /** Opens the database when the first write comes. */
  private final Supplier<StoreDb> store;

  private final WriteOptions options;
  private final BatchWriter writer;
  private WriteBatch batch = new WriteBatch();
  private boolean isEmpty = true;

  /** What the batch says of payloads, by slot. */
  private Map<Integer, Payload> bySlot = new HashMap<>();

  /** Why RocksDB took no writes last time; null when it did. */
  private @Nullable RocksDBException refusal;

  GatheredWrites(Supplier<StoreDb> store, WriteOptions options, BatchWriter writer) {
    this.store = store;
    this.options = options;
    this.writer = writer;
  }

  /** Sets the payload of a slot; an empty one removes what is there. */
  void putPayload(int slot, Payload payload) throws RocksDBException {
    byte[] key = StoreKeys.ofSlot(slot);
    ColumnFamilyHandle payloads = store.get().payloads();
    if (payload.isEmpty()) {
      batch.delete(payloads, key);
    } else {
      batch.put(payloads, key, payload.json());
    }
    bySlot.put(slot, payload);
    gathered();
  }

  void putId(PointId id, int slot) throws RocksDBException {
    batch.put(store.get().ids(), StoreKeys.ofId(id), StoreKeys.ofSlot(slot));
    gathered();
  }

  void deleteId(PointId id) throws RocksDBException {
    batch.delete(store.get().ids(), StoreKeys.ofId(id));
    gathered();
  }

  private void gathered() throws RocksDBException {
    isEmpty = false;
    if (batch.getDataSize() > BYTES_MAX && refusal == null) {
      boolean _ = tryWrite();
    }
  }

  /** The payload that a slot is to have; null when it is what RocksDB has. */
  @Nullable Payload payload(int slot) {
    return bySlot.get(slot);
  }

  /**
   * Hands everything to RocksDB. When its disk is full or failing for now, all is kept for the next
   * call.
   *
   * @return whether nothing is left here
   * @throws RocksDBException when it fails for another reason
   */
  boolean tryWrite() throws RocksDBException {
    if (isEmpty) {
      return true;
    }
    try {
      writer.write(options, batch);
    } catch (RocksDBException e) {
      if (!isOfDisk(e)) {
        throw e;
      }
      refusal = e;
      return false;
    }
    clear();
    refusal = null;
    return true;
  }

  private void clear() {
    if (batch.getDataSize() > KEPT_BYTES_MAX) {
      batch.close();
      batch = new WriteBatch();
    } else {
      batch.clear();
    }
    if (bySlot.size() > KEPT_PAYLOADS_MAX) {
      bySlot = new HashMap<>();
    } else {
      bySlot.clear();
    }
    isEmpty = true;
  }

  /** Whether the disk is full or failing. */
  static boolean isOfDisk(RocksDBException e) {
    return e.getStatus() != null && e.getStatus().getCode() == Status.Code.IOError;
  }

  /** Why the last {@link #tryWrite} did not succeed; empty when it did. */
  Optional<String> refusal() {
    return Optional.ofNullable(refusal).map(RocksDBException::getMessage);
  }

  /** Drops what is gathered; any thread, when nothing else is called any more. */
  @Override
  public void close() {
    batch.close();
  }
}
