package dev.eddy.query.write;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.collection.ShardRouter;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.PointVectors;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import dev.eddy.proto.log.LogRecordCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Cuts an update into the records of the shards it is for. The points of a shard keep their order,
 * over all its records. What selects by filter goes to every shard as it is.
 *
 * <p>An update that a missing point ends is not cut as long as a record holds it: the contract ends
 * it at the first missing point, and one record does so by itself. Of what is cut all the same the
 * records are {@linkplain #rounds ordered}.
 */
final class UpdateSplitter {

  /** One record to be. */
  record Part(int shard, Update update) {}

  /** Of an update that no missing point ends: well below the target size of a record. */
  private static final int IDS_PER_RECORD = 10_000;

  /** What a record takes besides what is in it. */
  private static final int FRAME_BYTES = 64;

  /** The most that an id takes in a record: a UUID with its frame. */
  private static final int ID_BYTES_MAX = 24;

  private final WriteLimits limits;

  UpdateSplitter(WriteLimits limits) {
    this.limits = requireNonNull(limits, "limits");
  }

  /**
   * Cuts.
   *
   * @throws EddyException PAYLOAD_TOO_LARGE naming the point, its size and the limit
   */
  List<Part> split(Update update, int shardCount) {
    return switch (update) {
      case Update.Upsert upsert ->
          bundles(
              upsert.points(),
              shardCount,
              Point::id,
              LogRecordCodec::sizeInBundle,
              limits.recordTargetBytes(),
              Update.Upsert::new);
      case Update.UpdateVectors vectors ->
          bundles(
              vectors.points(),
              shardCount,
              PointVectors::id,
              LogRecordCodec::sizeInBundle,
              limits.recordMaxBytes() - FRAME_BYTES,
              Update.UpdateVectors::new);
      case Update.Delete delete ->
          selected(delete.selection(), shardCount, IDS_PER_RECORD, Update.Delete::new);
      case Update.DeleteVectors vectors ->
          selected(
              vectors.selection(),
              shardCount,
              selection -> new Update.DeleteVectors(selection, vectors.names()));
      case Update.SetPayload payload ->
          selected(
              payload.selection(),
              shardCount,
              selection -> new Update.SetPayload(selection, payload.payload(), payload.key()));
      case Update.OverwritePayload payload ->
          selected(
              payload.selection(),
              shardCount,
              selection -> new Update.OverwritePayload(selection, payload.payload()));
      case Update.DeletePayload payload ->
          selected(
              payload.selection(),
              shardCount,
              selection -> new Update.DeletePayload(selection, payload.keys()));
      case Update.ClearPayload payload ->
          selected(payload.selection(), shardCount, Update.ClearPayload::new);
      case Update.Conditional conditional -> conditional(conditional, shardCount);
      case Update.Genesis genesis -> everywhere(genesis, shardCount);
      case Update.Configure configure -> everywhere(configure, shardCount);
      case Update.FromInbox inbox -> throw new IllegalArgumentException("not split here: " + inbox);
      case Update.Noop noop -> everywhere(noop, shardCount);
    };
  }

  /**
   * All points are judged before any is written, also where a shard's are in several records: so
   * each is in one of them only.
   */
  private List<Part> conditional(Update.Conditional conditional, int shardCount) {
    Update once =
        switch (conditional.update()) {
          case Update.Upsert(List<Point> points) -> {
            Map<PointId, Point> last = new LinkedHashMap<>();
            points.forEach(point -> last.put(point.id(), point));
            yield new Update.Upsert(List.copyOf(last.values()));
          }
          case Update.UpdateVectors(List<PointVectors> points) -> {
            Map<PointId, Vectors> merged = new LinkedHashMap<>();
            points.forEach(point -> merged.merge(point.id(), point.vectors(), Vectors::with));
            List<PointVectors> all = new ArrayList<>(merged.size());
            merged.forEach((id, vectors) -> all.add(new PointVectors(id, vectors)));
            yield new Update.UpdateVectors(all);
          }
          default -> throw new IllegalArgumentException("no conditional form: " + conditional);
        };
    List<Part> parts = new ArrayList<>();
    for (Part part : split(once, shardCount)) {
      Update guarded =
          new Update.Conditional(part.update(), conditional.mode(), conditional.filter());
      int bytes = LogRecordCodec.encodedSize(guarded);
      if (bytes > limits.recordMaxBytes()) {
        throw tooLarge("update", bytes);
      }
      parts.add(new Part(part.shard(), guarded));
    }
    return parts;
  }

  /** Whether a point that is not there ends the update, so that the rest of it has no effect. */
  private static boolean endsAtMissingPoint(Update update) {
    return switch (update) {
      case Update.UpdateVectors ignored -> true;
      case Update.DeleteVectors vectors -> vectors.selection() instanceof PointSelection.Ids;
      case Update.SetPayload payload -> payload.selection() instanceof PointSelection.Ids;
      case Update.OverwritePayload payload -> payload.selection() instanceof PointSelection.Ids;
      case Update.DeletePayload payload -> payload.selection() instanceof PointSelection.Ids;
      case Update.ClearPayload payload -> payload.selection() instanceof PointSelection.Ids;
      case Update.Upsert ignored -> false;
      case Update.Conditional conditional -> endsAtMissingPoint(conditional.update());
      case Update.Delete ignored -> false;
      case Update.Genesis ignored -> false;
      case Update.Configure ignored -> false;
      case Update.FromInbox ignored -> false;
      case Update.Noop ignored -> false;
    };
  }

  /**
   * The records of an update in the groups that may be on their way together: the next group is to
   * wait for the verdict on the one before it.
   */
  static List<List<Part>> rounds(Update update, List<Part> parts) {
    if (!endsAtMissingPoint(update)) {
      return List.of(parts);
    }
    Map<Integer, Integer> next = new HashMap<>();
    List<List<Part>> rounds = new ArrayList<>();
    for (Part part : parts) {
      int round = next.merge(part.shard(), 1, Integer::sum) - 1;
      if (round == rounds.size()) {
        rounds.add(new ArrayList<>());
      }
      rounds.get(round).add(part);
    }
    return rounds;
  }

  private <T> List<Part> bundles(
      List<T> points,
      int shardCount,
      Function<T, PointId> idOf,
      ToIntFunction<T> sizeOf,
      int targetBytes,
      Function<List<T>, Update> update) {
    List<Part> parts = new ArrayList<>();
    List<List<T>> open = new ArrayList<>(shardCount);
    for (int shard = 0; shard < shardCount; shard++) {
      open.add(new ArrayList<>());
    }
    long[] openBytes = new long[shardCount];
    for (int i = 0; i < points.size(); i++) {
      T point = points.get(i);
      int bytes = sizeOf.applyAsInt(point);
      if (bytes > limits.recordMaxBytes()) {
        throw tooLarge("points[" + i + "]: point", bytes);
      }
      int shard = shardCount == 1 ? 0 : ShardRouter.shardOf(idOf.apply(point), shardCount);
      List<T> bundle = open.get(shard);
      if (!bundle.isEmpty() && openBytes[shard] + bytes > targetBytes) {
        parts.add(new Part(shard, update.apply(bundle)));
        bundle.clear();
        openBytes[shard] = 0;
      }
      bundle.add(point);
      openBytes[shard] += bytes;
    }
    for (int shard = 0; shard < shardCount; shard++) {
      if (!open.get(shard).isEmpty()) {
        parts.add(new Part(shard, update.apply(open.get(shard))));
      }
    }
    return parts;
  }

  private List<Part> selected(
      PointSelection selection, int shardCount, Function<PointSelection, Update> update) {
    int ownBytes = LogRecordCodec.encodedSize(update.apply(new PointSelection.Ids(List.of())));
    int room = limits.recordMaxBytes() - FRAME_BYTES - ownBytes;
    return selected(selection, shardCount, Math.max(1, room / ID_BYTES_MAX), update);
  }

  private List<Part> selected(
      PointSelection selection,
      int shardCount,
      int idsPerRecord,
      Function<PointSelection, Update> update) {
    List<Part> parts =
        switch (selection) {
          case PointSelection.Ids(var ids) -> byId(ids, shardCount, idsPerRecord, update);
          case PointSelection.Matching matching -> everywhere(update.apply(matching), shardCount);
        };
    for (Part part : parts) {
      int bytes = LogRecordCodec.encodedSize(part.update());
      if (bytes > limits.recordMaxBytes()) {
        throw tooLarge("update", bytes);
      }
    }
    return parts;
  }

  private static List<Part> byId(
      List<PointId> ids,
      int shardCount,
      int idsPerRecord,
      Function<PointSelection, Update> update) {
    List<List<PointId>> open = new ArrayList<>(shardCount);
    for (int shard = 0; shard < shardCount; shard++) {
      open.add(new ArrayList<>());
    }
    List<Part> parts = new ArrayList<>();
    for (PointId id : ids) {
      int shard = shardCount == 1 ? 0 : ShardRouter.shardOf(id, shardCount);
      List<PointId> chunk = open.get(shard);
      chunk.add(id);
      if (chunk.size() == idsPerRecord) {
        parts.add(new Part(shard, update.apply(new PointSelection.Ids(chunk))));
        chunk.clear();
      }
    }
    for (int shard = 0; shard < shardCount; shard++) {
      if (!open.get(shard).isEmpty()) {
        parts.add(new Part(shard, update.apply(new PointSelection.Ids(open.get(shard)))));
      }
    }
    return parts;
  }

  private static List<Part> everywhere(Update update, int shardCount) {
    List<Part> parts = new ArrayList<>(shardCount);
    for (int shard = 0; shard < shardCount; shard++) {
      parts.add(new Part(shard, update));
    }
    return parts;
  }

  private EddyException tooLarge(String what, int bytes) {
    return new EddyException(
            ErrorCode.PAYLOAD_TOO_LARGE,
            "Payload too large: %s of %d encoded bytes is above the limit of %d bytes"
                .formatted(what, bytes, limits.recordMaxBytes()))
        .beyond(Limit.RECORD);
  }
}
