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
import dev.eddy.model.point.Vectors;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import dev.eddy.model.update.UpdateMode;
import dev.eddy.model.update.Verdict;
import dev.eddy.model.update.Verdict.Applied;
import dev.eddy.model.update.Verdict.Rejected;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
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

  /** What is left out is as if it were not in the update, but for rules that its vectors break. */
  Verdict conditional(Update.Conditional conditional, long offset) {
    return switch (conditional.update()) {
      case Update.Upsert(List<Point> all) -> {
        for (Point point : all) {
          Optional<Rejected> refusal = PointRules.check(point.vectors(), spec);
          if (refusal.isPresent()) {
            yield refusal.get();
          }
        }
        Predicate<PointId> isIn = judged(all.stream().map(Point::id).toList(), conditional);
        yield upsert(
            new Update.Upsert(all.stream().filter(point -> isIn.test(point.id())).toList()),
            offset);
      }
      case Update.UpdateVectors(List<PointVectors> all) -> {
        Predicate<PointId> isIn = judged(all.stream().map(PointVectors::id).toList(), conditional);
        yield updateVectors(
            new Update.UpdateVectors(all.stream().filter(point -> isIn.test(point.id())).toList()),
            offset);
      }
      default -> throw new IllegalStateException("no conditional form: " + conditional);
    };
  }

  /** Which of the ids are in, by what is there now. */
  private Predicate<PointId> judged(List<PointId> ids, Update.Conditional conditional) {
    Set<PointId> present = new HashSet<>(ids);
    present.removeIf(id -> points.slots().slotOf(id) == IdMap.NONE);
    Set<PointId> matching = present;
    Filter filter = conditional.filter();
    if (filter != null && !present.isEmpty()) {
      matching = matching(present, filter);
    }
    Set<PointId> in = conditional.mode() == UpdateMode.INSERT_ONLY ? Set.of() : matching;
    boolean isNewIn = conditional.mode() != UpdateMode.UPDATE_ONLY;
    return id -> present.contains(id) ? in.contains(id) : isNewIn;
  }

  private Set<PointId> matching(Set<PointId> present, Filter filter) {
    Set<PointId> matching = new HashSet<>();
    ShardView view = viewNow.get();
    try {
      ShardSearcher searcher = new ShardSearcher(view);
      for (PointId id : present) {
        if (searcher.matches(filter, points.slots().slotOf(id))) {
          matching.add(id);
        }
      }
    } finally {
      view.release();
    }
    return matching;
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
    // Nobody writes a dead letter of what is refused here; ingest judged it by what was then.
    Vectors fitting = PointRules.fitting(point.vectors(), spec);
    Optional<Rejected> refusal = PointRules.check(fitting, spec);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    points.upsert(new Point(point.id(), fitting, point.payload()), offset);
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
      merged.merge(change.id(), change.vectors(), Vectors::with);
    }
    return forEachOf(
        List.copyOf(merged.keySet()),
        slot ->
            points.updateVectors(
                slot, merged.getOrDefault(points.slots().idOf(slot), Vectors.NONE), offset));
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
