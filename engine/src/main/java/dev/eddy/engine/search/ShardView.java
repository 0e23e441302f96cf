package dev.eddy.engine.search;

import dev.eddy.engine.field.FieldIndexes;
import dev.eddy.engine.filter.CompiledFilter;
import dev.eddy.engine.filter.FieldRules;
import dev.eddy.engine.points.ContentHash;
import dev.eddy.engine.points.IdMap;
import dev.eddy.engine.points.PointHash;
import dev.eddy.engine.points.SlotIds;
import dev.eddy.engine.points.SlotTable;
import dev.eddy.engine.points.StoreSnapshot;
import dev.eddy.engine.points.StoreSnapshot.PayloadCursor;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PointId;
import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.shard.MemoryUse.Component;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ObjIntConsumer;

/**
 * Everything that readers see of a shard at one moment: slots, payloads and vectors. Counted:
 * starts with one reference, its maker's. Safe from any thread that holds one.
 */
public final class ShardView {
  private static final int MEMOS_MAX = 8;

  private final SlotTable.View slots;
  private final StoreSnapshot store;
  private final Map<String, NamedVectors> fields;
  private final FieldRules rules;
  private final FieldIndexes.View indexes;
  private final AtomicInteger references = new AtomicInteger(1);

  /** Results of filters asked of this moment; guarded by itself. */
  private final Map<Filter, FilterMemo> memos = new LinkedHashMap<>();

  /**
   * Takes over the references to the store snapshot, the vector snapshots and the indexes.
   *
   * @param rules what the declared fields mean at this moment
   * @param indexes of those declared fields that are indexed by now
   */
  public ShardView(
      SlotTable.View slots,
      StoreSnapshot store,
      Map<String, NamedVectors> fields,
      FieldRules rules,
      FieldIndexes.View indexes) {
    this.slots = slots;
    this.store = store;
    this.fields = Map.copyOf(fields);
    this.rules = rules;
    this.indexes = indexes;
  }

  /** Takes a reference; false when the last one is gone already. */
  public boolean tryRetain() {
    int count = references.get();
    while (count > 0) {
      if (references.compareAndSet(count, count + 1)) {
        return true;
      }
      count = references.get();
    }
    return false;
  }

  public void release() {
    int left = references.decrementAndGet();
    if (left == 0) {
      fields.values().forEach(NamedVectors::release);
      indexes.release();
      store.close();
    }
    if (left < 0) {
      throw new IllegalStateException("shard view released too often");
    }
  }

  /** What payloads take by now. */
  public MemoryUse payloadMemory() {
    MemoryUse.Sum memory = new MemoryUse.Sum();
    memory.add(Component.PAYLOADS, store.memoryBytes(), store.diskBytes());
    return memory.done();
  }

  /** Bytes of payloads by now: an estimate. */
  public long payloadBytes() {
    return store.payloadBytes();
  }

  /** Points. */
  public int points() {
    return slots.live().live();
  }

  /** One above the highest slot. */
  public int slotCount() {
    return slots.live().slots();
  }

  /** Whether any slot is not the present form of its point. */
  boolean hasDeadSlots() {
    return points() < slotCount();
  }

  public boolean isLive(int slot) {
    return slots.live().isLive(slot);
  }

  /** Clears the bits of slots that are not live. */
  void retainLive(long[] words) {
    slots.live().retainLive(words);
  }

  /** The first live slot at or above this one, or -1. */
  public int nextLive(int from) {
    return slots.live().next(from);
  }

  /** The first slot at or above this one that is not live, or -1. */
  int nextDead(int from) {
    return slots.live().nextDead(from);
  }

  public PointId id(int slot) {
    return slots.ids().get(slot);
  }

  /** The ids of all slots. */
  SlotIds.View ids() {
    return slots.ids();
  }

  public long version(int slot) {
    return slots.versions().get(slot);
  }

  /** The slot of a point, or {@code IdMap.NONE}. */
  public int slotOf(PointId id) {
    return store.slotOf(id);
  }

  /** What declared fields mean to filters. */
  FieldRules rules() {
    return rules;
  }

  FieldIndexes.View indexes() {
    return indexes;
  }

  /** The slots of those points that exist, ascending, each once. */
  int[] slotsOf(List<PointId> ids) {
    return ids.stream()
        .mapToInt(this::slotOf)
        .filter(slot -> slot != IdMap.NONE)
        .sorted()
        .distinct()
        .toArray();
  }

  public Payload payload(int slot) {
    return store.payload(slot);
  }

  /** Hands over the payload of every point that has one, in the order of slots. */
  public void forEachPayload(ObjIntConsumer<Payload> consumer) {
    try (PayloadCursor cursor = store.payloadCursor()) {
      for (int slot = nextLive(0); slot >= 0; slot = nextLive(slot + 1)) {
        Payload payload = cursor.payload(slot);
        if (!payload.isEmpty()) {
          consumer.accept(payload, slot);
        }
      }
    }
  }

  /** The content hash, computed anew from ids, versions, payloads and vectors as stored. */
  public ContentHash contentHash() {
    ContentHash hash = new ContentHash(0, 0);
    for (int slot = nextLive(0); slot >= 0; slot = nextLive(slot + 1)) {
      long vectorsHash = 0;
      for (Map.Entry<String, NamedVectors> entry : fields.entrySet()) {
        vectorsHash += entry.getValue().hash(PointHash.name(entry.getKey()), slot);
      }
      hash.add(id(slot), version(slot), PointHash.payload(payload(slot).json()), vectorsHash);
    }
    return hash;
  }

  StoreSnapshot store() {
    return store;
  }

  public Map<String, NamedVectors> fields() {
    return fields;
  }

  boolean hasVector(String name, int slot) {
    NamedVectors field = fields.get(name);
    return field != null && field.contains(slot);
  }

  /**
   * The vectors of a name.
   *
   * @throws EddyException with the contract's text when there is no such name
   */
  NamedVectors field(String name) {
    NamedVectors field = fields.get(name);
    if (field == null) {
      throw EddyException.wrongInput("Not existing vector name error: " + name);
    }
    return field;
  }

  /** What is known so far of which slots match a filter, shared by all searches of this moment. */
  FilterMemo memo(Filter filter) {
    synchronized (memos) {
      FilterMemo memo = memos.get(filter);
      if (memo == null) {
        if (memos.size() == MEMOS_MAX) {
          memos.remove(memos.keySet().iterator().next());
        }
        memo = new FilterMemo(this, filter, CompiledFilter.of(filter, rules));
        memos.put(filter, memo);
      }
      return memo;
    }
  }
}
