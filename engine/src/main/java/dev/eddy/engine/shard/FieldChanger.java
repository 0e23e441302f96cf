package dev.eddy.engine.shard;

import static java.util.Objects.requireNonNull;

import dev.eddy.engine.points.LiveBits;
import dev.eddy.engine.points.PointHash;
import dev.eddy.engine.points.SlotTable;
import dev.eddy.engine.search.NamedVectors;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.VectorParams;

/**
 * Gives the points of a shard the vector fields that a configuration of the collection names, and
 * takes from them those that it names no more. Owned by the writer.
 */
final class FieldChanger {
  private final PointWriter points;
  private final FieldMaker maker;

  /** Since the shard was opened. */
  private int dropped;

  FieldChanger(PointWriter points, FieldMaker maker) {
    this.points = points;
    this.maker = maker;
  }

  /** Makes the fields of the first configuration. */
  void begin(CollectionSpec spec) {
    spec.vectorNames().forEach(name -> add(name, spec));
  }

  /** Goes over from one configuration to another; fields of both keep what they hold. */
  void change(CollectionSpec before, CollectionSpec now) {
    for (String name : before.vectorNames()) {
      if (!isKept(name, before, now)) {
        drop(name);
      }
    }
    for (String name : now.vectorNames()) {
      if (!points.fields().containsKey(name)) {
        add(name, now);
      }
    }
    points.fields().values().forEach(field -> field.configure(now));
  }

  /** Whether a vector of the name is the same thing in both configurations. */
  private static boolean isKept(String name, CollectionSpec before, CollectionSpec now) {
    VectorParams params = now.vectors().get(name);
    VectorParams former = before.vectors().get(name);
    return former == null
        ? now.sparseVectors().containsKey(name)
        : params != null && params.isStoredLike(former);
  }

  private void add(String name, CollectionSpec spec) {
    // Files of a field that went may be there as long as somebody reads them.
    String stem = NamedField.stem(name) + (dropped == 0 ? "" : "-" + dropped);
    points.fields().put(name, maker.create(name, spec, stem));
  }

  /** Takes a name's vectors from all points, which keep their versions. */
  private void drop(String name) {
    NamedField field = requireNonNull(points.fields().get(name), name);
    long nameHash = PointHash.name(name);
    SlotTable slots = points.slots();
    NamedVectors vectors = field.view();
    try {
      LiveBits.View live = slots.freeze().live();
      for (int slot = live.next(0); slot >= 0; slot = live.next(slot + 1)) {
        long hash = vectors.hash(nameHash, slot);
        if (hash != 0) {
          slots.setVectors(slot, slots.vectorsHashOf(slot) - hash);
        }
      }
    } finally {
      vectors.release();
    }
    points.fields().remove(name);
    field.close();
    dropped++;
  }
}
