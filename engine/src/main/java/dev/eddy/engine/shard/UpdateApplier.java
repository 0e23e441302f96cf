package dev.eddy.engine.shard;

import dev.eddy.engine.points.IdMap;
import dev.eddy.engine.points.PayloadEditor;
import dev.eddy.engine.search.ShardSearcher;
import dev.eddy.engine.search.ShardView;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.PointVectors;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import dev.eddy.model.update.Verdict;
import dev.eddy.model.update.Verdict.Applied;
import dev.eddy.model.update.Verdict.Rejected;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * What each update of points does: deterministic, from the points, the update and its offset alone.
 * Owned by the writer.
 */
final class UpdateApplier {
  /** Ids of one update are taken in chunks; those of earlier chunks stay applied. */
  private static final int CHUNK = 32;

  private final PointWriter points;
  private final CollectionSpec spec;
  private final InboxTable inbox;
  private final Supplier<ShardView> viewNow;

  /**
   * @param viewNow makes a view of everything applied so far, which the taker releases
   */
  UpdateApplier(
      PointWriter points, CollectionSpec spec, InboxTable inbox, Supplier<ShardView> viewNow) {
    this.points = points;
    this.spec = spec;
    this.inbox = inbox;
    this.viewNow = viewNow;
  }

  Verdict upsert(Update.Upsert upsert, long offset) {
    for (Point point : upsert.points()) {
      Optional<Rejected> refusal = PointRules.check(point.vectors(), spec);
      if (refusal.isPresent()) {
        return refusal.get();
      }
    }
    for (Point point : upsert.points()) {
      points.upsert(point, offset);
    }
    return Applied.APPLIED;
  }

  /** Each change has its own test and verdict; the record's is the first refusal. */
  Verdict fromInbox(Update.FromInbox bundle, long offset) {
    Verdict verdict = Applied.APPLIED;
    for (Update.InboxChange change : bundle.changes()) {
      if (!inbox.admit(change.origin())) {
        continue;
      }
      Verdict own = apply(change, offset);
      if (verdict == Applied.APPLIED) {
        verdict = own;
      }
    }
    return verdict;
  }

  private Verdict apply(Update.InboxChange change, long offset) {
    Point point = change.point();
    if (point == null) {
      deleteIfThere(change.id());
      return Applied.APPLIED;
    }
    Optional<Rejected> refusal = PointRules.check(point.vectors(), spec);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    points.upsert(point, offset);
    return Applied.APPLIED;
  }

  private void deleteIfThere(PointId id) {
    int slot = points.slots().slotOf(id);
    if (slot != IdMap.NONE) {
      points.delete(slot);
    }
  }

  Verdict delete(Update.Delete delete) {
    switch (delete.selection()) {
      case PointSelection.Ids(List<PointId> ids) -> ids.forEach(this::deleteIfThere);
      case PointSelection.Matching(Filter filter) -> forEachMatch(filter, points::delete);
    }
    return Applied.APPLIED;
  }

  Verdict updateVectors(Update.UpdateVectors update, long offset) {
    Map<PointId, Vectors> merged = new LinkedHashMap<>();
    for (PointVectors change : update.points()) {
      Optional<Rejected> refusal = PointRules.check(change.vectors(), spec);
      if (refusal.isPresent()) {
        return refusal.get();
      }
      merged.merge(change.id(), change.vectors(), UpdateApplier::over);
    }
    return forEachOf(
        List.copyOf(merged.keySet()),
        slot ->
            points.updateVectors(
                slot, merged.getOrDefault(points.slots().idOf(slot), Vectors.NONE), offset));
  }

  /** The later vectors where there are any, the earlier elsewhere. */
  private static Vectors over(Vectors earlier, Vectors later) {
    Map<String, Vector> both = new LinkedHashMap<>(earlier.byName());
    both.putAll(later.byName());
    return new Vectors(both);
  }

  Verdict deleteVectors(Update.DeleteVectors delete, long offset) {
    for (String name : delete.names()) {
      if (!spec.vectors().containsKey(name) && !spec.sparseVectors().containsKey(name)) {
        return PointRules.unknownName(name);
      }
    }
    return forEachSelected(
        delete.selection(), slot -> points.deleteVectors(slot, delete.names(), offset));
  }

  Verdict setPayload(Update.SetPayload set, long offset) {
    JsonObject change = set.payload().object();
    return forEachSelected(
        set.selection(),
        slot ->
            points.changePayload(
                slot,
                payload -> Payload.of(PayloadEditor.set(payload.object(), change, set.key())),
                offset));
  }

  Verdict overwritePayload(Update.OverwritePayload overwrite, long offset) {
    return forEachSelected(
        overwrite.selection(), slot -> points.setPayload(slot, overwrite.payload(), offset));
  }

  Verdict deletePayload(Update.DeletePayload delete, long offset) {
    return forEachSelected(
        delete.selection(),
        slot ->
            points.changePayload(
                slot,
                payload -> Payload.of(PayloadEditor.delete(payload.object(), delete.keys())),
                offset));
  }

  Verdict clearPayload(Update.ClearPayload clear, long offset) {
    return forEachSelected(
        clear.selection(), slot -> points.setPayload(slot, Payload.EMPTY, offset));
  }

  private Verdict forEachSelected(PointSelection selection, IntConsumer change) {
    return switch (selection) {
      case PointSelection.Ids(List<PointId> ids) -> forEachOf(ids, change);
      case PointSelection.Matching(Filter filter) -> {
        forEachMatch(filter, change);
        yield Applied.APPLIED;
      }
    };
  }

  /** Changes the points there are, chunk by chunk, until a chunk had a missing one. */
  private Verdict forEachOf(List<PointId> ids, IntConsumer change) {
    for (int from = 0; from < ids.size(); from += CHUNK) {
      Optional<PointId> missing = Optional.empty();
      for (PointId id : ids.subList(from, Math.min(from + CHUNK, ids.size()))) {
        int slot = points.slots().slotOf(id);
        if (slot != IdMap.NONE) {
          change.accept(slot);
        } else if (missing.isEmpty()) {
          missing = Optional.of(id);
        }
      }
      if (missing.isPresent()) {
        return new Rejected(
            ErrorCode.NOT_FOUND, "Not found: No point with id " + missing.get() + " found");
      }
    }
    return Applied.APPLIED;
  }

  /** Finds all matching points first, exactly, and then changes them. */
  private void forEachMatch(Filter filter, IntConsumer change) {
    SlotList matching = new SlotList();
    ShardView view = viewNow.get();
    try {
      new ShardSearcher(view).forEachMatch(filter, matching::add);
    } finally {
      view.release();
    }
    for (int i = 0; i < matching.size; i++) {
      change.accept(matching.slots[i]);
    }
  }

  /** Four bytes a match. */
  private static final class SlotList {
    private int[] slots = new int[64];
    private int size;

    boolean add(int slot) {
      if (size == slots.length) {
        slots = Arrays.copyOf(slots, size * 2);
      }
      slots[size++] = slot;
      return true;
    }
  }
}
