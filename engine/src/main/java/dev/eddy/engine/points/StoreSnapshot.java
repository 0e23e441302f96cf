package dev.eddy.engine.points;

import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PointId;
import dev.eddy.model.usage.HardwareUsage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** A point store at one moment. Safe from any thread until it is closed; cursors are not. */
public final class StoreSnapshot implements AutoCloseable {
  private final PointStore store;
  private final LazyDb lazy;

  /** Whether its moment is that of the store's opening, which it shares with others. */
  private final boolean isEarly;

  /** Null before the opening. */
  private volatile @Nullable StoreMoment known;

  StoreSnapshot(PointStore store, LazyDb lazy) {
    this.store = store;
    this.lazy = lazy;
    StoreMoment own = lazy.now();
    this.isEarly = own == null;
    this.known = own;
  }

  private StoreMoment moment() {
    StoreMoment moment = known;
    if (moment != null) {
      return moment;
    }
    try {
      moment = lazy.first();
      known = moment;
      return moment;
    } catch (IOException e) {
      throw store.doesNotOpen(e);
    }
  }

  /** What payloads take now, about; see {@link PointStore#payloadBytes}. */
  public long payloadBytes() {
    return store.payloadBytes();
  }

  /** Bytes of live files now. */
  public long diskBytes() {
    return store.diskBytes();
  }

  /** Bytes of write buffers now. */
  public long memoryBytes() {
    return store.memoryBytes();
  }

  /** The slot of a point, or {@link IdMap#NONE}. */
  public int slotOf(PointId id) {
    StoreMoment at = moment();
    StoreDb open = at.store();
    try {
      byte @Nullable [] slot = open.db().get(open.ids(), at.reads(), StoreKeys.ofId(id));
      return slot == null ? IdMap.NONE : StoreKeys.slot(slot);
    } catch (RocksDBException e) {
      throw store.failed(e);
    }
  }

  public Payload payload(int slot) {
    StoreMoment at = moment();
    StoreDb open = at.store();
    try {
      byte @Nullable [] json = open.db().get(open.payloads(), at.reads(), StoreKeys.ofSlot(slot));
      return payload(json);
    } catch (RocksDBException e) {
      throw store.failed(e);
    }
  }

  /** The payloads of several slots, in their order. */
  public List<Payload> payloads(int[] slots) {
    if (slots.length == 1) {
      return List.of(payload(slots[0]));
    }
    StoreMoment at = moment();
    StoreDb open = at.store();
    List<byte[]> keys = new ArrayList<>(slots.length);
    List<ColumnFamilyHandle> families = new ArrayList<>(slots.length);
    for (int slot : slots) {
      keys.add(StoreKeys.ofSlot(slot));
      families.add(open.payloads());
    }
    try {
      List<Payload> payloads = new ArrayList<>(slots.length);
      List<byte[]> found = open.db().multiGetAsList(at.reads(), families, keys);
      for (int i = 0; i < slots.length; i++) {
        byte @Nullable [] json = found.get(i);
        // What can't be read is told like what is not there: a single read says which it is.
        payloads.add(json == null ? payload(slots[i]) : payload(json));
      }
      return payloads;
    } catch (RocksDBException e) {
      throw store.failed(e);
    }
  }

  private static Payload payload(byte @Nullable [] json) {
    if (json == null) {
      return Payload.EMPTY;
    }
    HardwareUsage.add(HardwareUsage.Part.PAYLOAD_READ, json.length);
    return new Payload(json);
  }

  /** A walk over stored payloads in the order of slots, for asking ascending slots. */
  public PayloadCursor payloadCursor() {
    StoreMoment at = moment();
    return new PayloadCursor(at.store().db().newIterator(at.store().payloads(), at.reads()), store);
  }

  /** A walk over points in the order of ids, from an id on; null = from the first. */
  public IdCursor idCursor(@Nullable PointId from) {
    StoreMoment at = moment();
    RocksIterator iterator = at.store().db().newIterator(at.store().ids(), at.reads());
    if (from == null) {
      iterator.seekToFirst();
    } else {
      iterator.seek(StoreKeys.ofId(from));
    }
    return new IdCursor(iterator, store);
  }

  @Override
  public void close() {
    StoreMoment moment = known;
    if (isEarly) {
      lazy.doneWithFirst();
    } else if (moment != null) {
      moment.close();
    }
    store.release();
  }

  /** Payloads of ascending slots. One thread; close it before its snapshot. */
  public static final class PayloadCursor implements AutoCloseable {
    /** Steps after which a seek is cheaper. */
    private static final int STEPS_MAX = 16;

    private final RocksIterator iterator;
    private final PointStore store;
    private int current = -1;
    private boolean isAtEnd;

    private PayloadCursor(RocksIterator iterator, PointStore store) {
      this.iterator = iterator;
      this.store = store;
    }

    /** The payload of a slot that is above the one asked before. */
    public Payload payload(int slot) {
      if (current < 0 || slot - current > STEPS_MAX) {
        if (!isAtEnd) {
          iterator.seek(StoreKeys.ofSlot(slot));
          read();
        }
      } else {
        while (!isAtEnd && current < slot) {
          iterator.next();
          read();
        }
      }
      return StoreSnapshot.payload(!isAtEnd && current == slot ? iterator.value() : null);
    }

    private void read() {
      isAtEnd = !iterator.isValid();
      if (isAtEnd) {
        check(iterator, store);
      } else {
        current = StoreKeys.slot(iterator.key());
      }
    }

    @Override
    public void close() {
      iterator.close();
    }
  }

  /** Points in the order of ids. One thread; close it before its snapshot. */
  public static final class IdCursor implements AutoCloseable {
    private final RocksIterator iterator;
    private final PointStore store;

    private IdCursor(RocksIterator iterator, PointStore store) {
      this.iterator = iterator;
      this.store = store;
    }

    public boolean isValid() {
      boolean isValid = iterator.isValid();
      if (!isValid) {
        check(iterator, store);
      }
      return isValid;
    }

    public PointId id() {
      return StoreKeys.id(iterator.key());
    }

    public int slot() {
      return StoreKeys.slot(iterator.value());
    }

    public void next() {
      iterator.next();
    }

    @Override
    public void close() {
      iterator.close();
    }
  }

  private static void check(RocksIterator iterator, PointStore store) {
    try {
      iterator.status();
    } catch (RocksDBException e) {
      throw store.failed(e);
    }
  }
}
