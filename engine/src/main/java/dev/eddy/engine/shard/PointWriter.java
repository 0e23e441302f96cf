package dev.eddy.engine.shard;

import dev.eddy.engine.field.FieldIndexes;
import dev.eddy.engine.points.IdMap;
import dev.eddy.engine.points.PointHash;
import dev.eddy.engine.points.PointStore;
import dev.eddy.engine.points.SlotTable;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Changes single points in all the places where a point has a part: slots, store, vector fields.
 * Takes only what was checked before. Owned by the writer.
 */
final class PointWriter implements AutoCloseable {
  private final SlotTable slots;
  private final PointStore store;
  private final Map<String, NamedField> fields;
  private final FieldIndexes indexes;
  private @Nullable Follower follower;

  /** Is told, at once, of what happens to slots that are there. */
  interface Follower {
    /** The slot is about to die; its id can be read for the last time. */
    void dies(int slot);

    /** The live slot has another payload, or only another version. */
    void changed(int slot);
  }

  PointWriter(
      SlotTable slots, PointStore store, FieldIndexes indexes, Map<String, NamedField> fields) {
    this.slots = slots;
    this.indexes = indexes;
    this.store = store;
    this.fields = new TreeMap<>(fields);
  }

  SlotTable slots() {
    return slots;
  }

  PointStore store() {
    return store;
  }

  Map<String, NamedField> fields() {
    return fields;
  }

  FieldIndexes indexes() {
    return indexes;
  }

  /** From now on the follower is told; null = nobody is. */
  void tell(@Nullable Follower newFollower) {
    follower = newFollower;
  }

  private void noteChanged(int slot) {
    if (follower != null) {
      follower.changed(slot);
    }
  }

  /**
   * Takes over a live slot's point as another writer of the same collection has it; none of its id
   * is here.
   */
  void takeOver(PointWriter source, int from) {
    int slot = slots.slots();
    long vectorsHash = 0;
    for (NamedField field : fields.values()) {
      vectorsHash += field.carryOver(source.field(field.name()), from, slot);
    }
    SlotTable theirs = source.slots;
    place(theirs.idOf(from), theirs.versionOf(from), source.payload(from), vectorsHash);
  }

  /** Puts a whole point in the place of whatever has its id. */
  void upsert(Point point, long version) {
    int slot = slots.slots();
    long vectorsHash = 0;
    for (Map.Entry<String, Vector> entry : point.vectors().byName().entrySet()) {
      vectorsHash += field(entry.getKey()).append(slot, entry.getValue());
    }
    place(point.id(), version, point.payload(), vectorsHash);
  }

  private NamedField field(String name) {
    NamedField field = fields.get(name);
    if (field == null) {
      throw new IllegalStateException("unchecked vector name " + name);
    }
    return field;
  }

  /** Gives the point the next slot, to which its vectors were appended already. */
  private void place(PointId id, long version, Payload payload, long vectorsHash) {
    int former = slots.slotOf(id);
    if (former != IdMap.NONE) {
      forget(former);
    }
    long payloadHash =
        payload.isEmpty() ? PointHash.EMPTY_PAYLOAD : PointHash.payload(payload.json());
    int slot = slots.place(id, version, payloadHash, vectorsHash);
    store.putId(id, slot);
    if (!payload.isEmpty()) {
      store.putPayload(slot, payload);
      if (indexes.isActive()) {
        indexes.add(slot, indexes.members(payload));
      }
    }
  }

  /** Removes what the store and the fields know of a slot that dies. */
  private void forget(int slot) {
    if (follower != null) {
      follower.dies(slot);
    }
    if (slots.payloadHashOf(slot) != PointHash.EMPTY_PAYLOAD) {
      if (indexes.isActive()) {
        indexes.remove(indexes.members(store.payload(slot)));
      }
      store.deletePayload(slot);
    }
    if (slots.vectorsHashOf(slot) != 0) {
      for (NamedField field : fields.values()) {
        field.noteDead(slot);
      }
    }
  }

  /** Deletes the point of a live slot. */
  void delete(int slot) {
    store.deleteId(slots.idOf(slot));
    forget(slot);
    slots.delete(slot);
  }

  /** Puts vectors in the place of those of the same names. */
  void updateVectors(int former, Vectors vectors, long version) {
    int slot = slots.slots();
    long vectorsHash = 0;
    for (NamedField field : fields.values()) {
      Vector given = vectors.byName().get(field.name());
      vectorsHash +=
          given != null ? field.append(slot, given) : field.carryOver(field, former, slot);
    }
    move(former, version, vectorsHash);
  }

  /** Drops vectors; where the point has none of them, only its version changes. */
  void deleteVectors(int former, Collection<String> names, long version) {
    boolean isHit =
        fields.values().stream()
            .anyMatch(field -> names.contains(field.name()) && field.contains(former));
    if (!isHit) {
      slots.setPayload(former, version, slots.payloadHashOf(former));
      noteChanged(former);
      return;
    }
    int slot = slots.slots();
    long vectorsHash = 0;
    for (NamedField field : fields.values()) {
      vectorsHash += names.contains(field.name()) ? 0 : field.carryOver(field, former, slot);
    }
    move(former, version, vectorsHash);
  }

  /** Gives the point of a live slot the next slot, to which its vectors were appended already. */
  private void move(int former, long version, long vectorsHash) {
    place(slots.idOf(former), version, payload(former), vectorsHash);
  }

  /** The payload of a live slot as of now. */
  Payload payload(int slot) {
    return slots.payloadHashOf(slot) == PointHash.EMPTY_PAYLOAD
        ? Payload.EMPTY
        : store.payload(slot);
  }

  /** Changes the payload of a live slot. */
  void changePayload(int slot, UnaryOperator<Payload> change, long version) {
    setPayload(slot, change.apply(payload(slot)), version);
  }

  /** Sets the payload of a live slot. */
  void setPayload(int slot, Payload payload, long version) {
    boolean wasEmpty = slots.payloadHashOf(slot) == PointHash.EMPTY_PAYLOAD;
    if (indexes.isActive()) {
      JsonObject former = indexes.members(payload(slot));
      JsonObject members = indexes.members(payload);
      if (!members.equals(former)) {
        indexes.replace(slot, former, members);
      }
    }
    if (!payload.isEmpty() || !wasEmpty) {
      store.putPayload(slot, payload);
    }
    slots.setPayload(slot, version, PointHash.payload(payload.json()));
    noteChanged(slot);
  }

  @Override
  public void close() {
    fields.values().forEach(NamedField::close);
    indexes.close();
    store.close();
  }
}
