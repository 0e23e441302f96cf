package dev.eddy.proto.qdrant.mapping;

import com.google.protobuf.MessageOrBuilder;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.update.Update;
import dev.eddy.proto.qdrant.ClearPayloadPoints;
import dev.eddy.proto.qdrant.DeletePayloadPoints;
import dev.eddy.proto.qdrant.DeletePointVectors;
import dev.eddy.proto.qdrant.DeletePoints;
import dev.eddy.proto.qdrant.PointStruct;
import dev.eddy.proto.qdrant.PointVectors;
import dev.eddy.proto.qdrant.PointsSelector;
import dev.eddy.proto.qdrant.PointsUpdateOperation;
import dev.eddy.proto.qdrant.SetPayloadPoints;
import dev.eddy.proto.qdrant.UpdateBatchPoints;
import dev.eddy.proto.qdrant.UpdateMode;
import dev.eddy.proto.qdrant.UpdatePointVectors;
import dev.eddy.proto.qdrant.UpsertPoints;
import dev.eddy.proto.qdrant.Value;
import dev.eddy.proto.qdrant.WriteOrdering;
import dev.eddy.proto.qdrant.WriteOrderingType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes of points as clients send them. Dimensions, vector names and finite numbers are not
 * checked here: that takes the collection. Collection names, {@code wait} and {@code timeout} are
 * the caller's to take up. Every ordering is kept, because there is only one: the log's.
 */
public final class QdrantUpdates {
  private static final String FILTER = "update_filter";

  private QdrantUpdates() {}

  public static Update upsert(UpsertPoints message) {
    Rules.checkKnownFlat(message, "UpsertPoints");
    check(message.getOrdering());
    return upsert(
        message.getPointsList(),
        message.hasShardKeySelector(),
        QdrantFilters.nullable(message.hasUpdateFilter(), message.getUpdateFilter(), FILTER),
        message.getUpdateMode(),
        "");
  }

  private static Update upsert(
      List<PointStruct> points,
      boolean shardKey,
      @Nullable Filter filter,
      UpdateMode mode,
      String at) {
    Rules.notBuilt(shardKey, at + "shard_key_selector");
    dev.eddy.model.update.UpdateMode known =
        switch (mode) {
          case Upsert -> dev.eddy.model.update.UpdateMode.UPSERT;
          case InsertOnly -> dev.eddy.model.update.UpdateMode.INSERT_ONLY;
          case UpdateOnly -> dev.eddy.model.update.UpdateMode.UPDATE_ONLY;
          case UNRECOGNIZED -> throw Rules.unrecognized(at + "update_mode");
        };
    return guarded(new Update.Upsert(QdrantPoints.points(points, at + "points")), known, filter);
  }

  private static Update guarded(
      Update update, dev.eddy.model.update.UpdateMode mode, @Nullable Filter filter) {
    return mode == dev.eddy.model.update.UpdateMode.UPSERT && filter == null
        ? update
        : new Update.Conditional(update, mode, filter);
  }

  public static Update delete(DeletePoints message) {
    Rules.checkKnownFlat(message, "DeletePoints");
    check(message.getOrdering());
    return delete(message.hasPoints(), message.getPoints(), message.hasShardKeySelector(), "");
  }

  private static Update delete(
      boolean present, PointsSelector selector, boolean shardKey, String at) {
    Rules.notBuilt(shardKey, at + "shard_key_selector");
    return new Update.Delete(QdrantPoints.selection(present, selector, at + "points"));
  }

  public static Update updateVectors(UpdatePointVectors message) {
    Rules.checkKnownFlat(message, "UpdatePointVectors");
    check(message.getOrdering());
    return updateVectors(
        message.getPointsList(),
        message.hasShardKeySelector(),
        QdrantFilters.nullable(message.hasUpdateFilter(), message.getUpdateFilter(), FILTER),
        "");
  }

  private static Update updateVectors(
      List<PointVectors> points, boolean shardKey, @Nullable Filter filter, String at) {
    Rules.notBuilt(shardKey, at + "shard_key_selector");
    if (points.isEmpty()) {
      RuleBook.note(at + "points: must specify points to update");
    }
    return guarded(
        new Update.UpdateVectors(QdrantPoints.pointVectors(points, at + "points")),
        dev.eddy.model.update.UpdateMode.UPSERT,
        filter);
  }

  public static Update deleteVectors(DeletePointVectors message) {
    Rules.checkKnownFlat(message, "DeletePointVectors");
    check(message.getOrdering());
    return deleteVectors(
        message.hasPointsSelector(),
        message.getPointsSelector(),
        known(message.getVectors(), "vectors").getNamesList(),
        message.hasShardKeySelector(),
        "");
  }

  private static Update deleteVectors(
      boolean present, PointsSelector selector, List<String> names, boolean shardKey, String at) {
    Rules.notBuilt(shardKey, at + "shard_key_selector");
    if (names.isEmpty()) {
      RuleBook.note(at + "vectors.names: must specify vector names to delete");
    }
    return new Update.DeleteVectors(
        QdrantPoints.selection(present, selector, at + "points_selector"), names);
  }

  public static Update setPayload(SetPayloadPoints message) {
    Rules.checkKnownFlat(message, "SetPayloadPoints");
    check(message.getOrdering());
    return setPayload(
        message.hasPointsSelector(),
        message.getPointsSelector(),
        message.getPayloadMap(),
        message.hasKey() ? message.getKey() : null,
        message.hasShardKeySelector(),
        "");
  }

  private static Update setPayload(
      boolean present,
      PointsSelector selector,
      Map<String, Value> payload,
      @Nullable String key,
      boolean shardKey,
      String at) {
    Rules.notBuilt(shardKey, at + "shard_key_selector");
    return new Update.SetPayload(
        QdrantPoints.selection(present, selector, at + "points_selector"),
        QdrantValues.payload(payload),
        key == null ? null : KeyPath.parse(key));
  }

  /** The key of such a message has no meaning, in the contract as well. */
  public static Update overwritePayload(SetPayloadPoints message) {
    Rules.checkKnownFlat(message, "SetPayloadPoints");
    check(message.getOrdering());
    return overwritePayload(
        message.hasPointsSelector(),
        message.getPointsSelector(),
        message.getPayloadMap(),
        message.hasShardKeySelector(),
        "");
  }

  private static Update overwritePayload(
      boolean present,
      PointsSelector selector,
      Map<String, Value> payload,
      boolean shardKey,
      String at) {
    Rules.notBuilt(shardKey, at + "shard_key_selector");
    return new Update.OverwritePayload(
        QdrantPoints.selection(present, selector, at + "points_selector"),
        QdrantValues.payload(payload));
  }

  public static Update deletePayload(DeletePayloadPoints message) {
    Rules.checkKnownFlat(message, "DeletePayloadPoints");
    check(message.getOrdering());
    return deletePayload(
        message.hasPointsSelector(),
        message.getPointsSelector(),
        message.getKeysList(),
        message.hasShardKeySelector(),
        "");
  }

  private static Update deletePayload(
      boolean present, PointsSelector selector, List<String> keys, boolean shardKey, String at) {
    Rules.notBuilt(shardKey, at + "shard_key_selector");
    return new Update.DeletePayload(
        QdrantPoints.selection(present, selector, at + "points_selector"),
        QdrantPoints.paths(keys));
  }

  public static Update clearPayload(ClearPayloadPoints message) {
    Rules.checkKnownFlat(message, "ClearPayloadPoints");
    check(message.getOrdering());
    return clearPayload(
        message.hasPoints(), message.getPoints(), message.hasShardKeySelector(), "");
  }

  private static Update clearPayload(
      boolean present, PointsSelector selector, boolean shardKey, String at) {
    Rules.notBuilt(shardKey, at + "shard_key_selector");
    return new Update.ClearPayload(QdrantPoints.selection(present, selector, at + "points"));
  }

  /** The operations of a batch, in order. */
  public static List<Update> batch(UpdateBatchPoints message) {
    Rules.checkKnownFlat(message, "UpdateBatchPoints");
    check(message.getOrdering());
    List<Update> updates = new ArrayList<>(message.getOperationsCount());
    for (PointsUpdateOperation operation : message.getOperationsList()) {
      updates.add(operation(operation, "operations[" + updates.size() + "]."));
    }
    return updates;
  }

  @SuppressWarnings("deprecation") // Older clients still send the two deprecated variants.
  private static Update operation(PointsUpdateOperation message, String at) {
    Rules.checkKnownFlat(message, at.substring(0, at.length() - 1));
    return switch (message.getOperationCase()) {
      case UPSERT -> {
        var upsert = known(message.getUpsert(), at + "upsert");
        yield upsert(
            upsert.getPointsList(),
            upsert.hasShardKeySelector(),
            QdrantFilters.nullable(
                upsert.hasUpdateFilter(), upsert.getUpdateFilter(), at + "upsert." + FILTER),
            upsert.getUpdateMode(),
            at + "upsert.");
      }
      case DELETE_DEPRECATED ->
          delete(true, message.getDeleteDeprecated(), false, at + "delete_deprecated.");
      case DELETE_POINTS -> {
        var delete = known(message.getDeletePoints(), at + "delete_points");
        yield delete(
            delete.hasPoints(),
            delete.getPoints(),
            delete.hasShardKeySelector(),
            at + "delete_points.");
      }
      case CLEAR_PAYLOAD_DEPRECATED ->
          clearPayload(
              true, message.getClearPayloadDeprecated(), false, at + "clear_payload_deprecated.");
      case CLEAR_PAYLOAD -> {
        var clear = known(message.getClearPayload(), at + "clear_payload");
        yield clearPayload(
            clear.hasPoints(),
            clear.getPoints(),
            clear.hasShardKeySelector(),
            at + "clear_payload.");
      }
      case UPDATE_VECTORS -> {
        var vectors = known(message.getUpdateVectors(), at + "update_vectors");
        yield updateVectors(
            vectors.getPointsList(),
            vectors.hasShardKeySelector(),
            QdrantFilters.nullable(
                vectors.hasUpdateFilter(),
                vectors.getUpdateFilter(),
                at + "update_vectors." + FILTER),
            at + "update_vectors.");
      }
      case DELETE_VECTORS -> {
        var vectors = known(message.getDeleteVectors(), at + "delete_vectors");
        yield deleteVectors(
            vectors.hasPointsSelector(),
            vectors.getPointsSelector(),
            known(vectors.getVectors(), at + "delete_vectors.vectors").getNamesList(),
            vectors.hasShardKeySelector(),
            at + "delete_vectors.");
      }
      case SET_PAYLOAD, OVERWRITE_PAYLOAD, DELETE_PAYLOAD -> payloadOperation(message, at);
      case OPERATION_NOT_SET -> throw Rules.unset(at.substring(0, at.length() - 1));
    };
  }

  private static Update payloadOperation(PointsUpdateOperation message, String at) {
    if (message.hasSetPayload()) {
      var set = known(message.getSetPayload(), at + "set_payload");
      return setPayload(
          set.hasPointsSelector(),
          set.getPointsSelector(),
          set.getPayloadMap(),
          set.hasKey() ? set.getKey() : null,
          set.hasShardKeySelector(),
          at + "set_payload.");
    }
    if (message.hasOverwritePayload()) {
      var overwrite = known(message.getOverwritePayload(), at + "overwrite_payload");
      return overwritePayload(
          overwrite.hasPointsSelector(),
          overwrite.getPointsSelector(),
          overwrite.getPayloadMap(),
          overwrite.hasShardKeySelector(),
          at + "overwrite_payload.");
    }
    var delete = known(message.getDeletePayload(), at + "delete_payload");
    return deletePayload(
        delete.hasPointsSelector(),
        delete.getPointsSelector(),
        delete.getKeysList(),
        delete.hasShardKeySelector(),
        at + "delete_payload.");
  }

  private static <T extends MessageOrBuilder> T known(T message, String path) {
    Rules.checkKnownFlat(message, path);
    return message;
  }

  static void check(WriteOrdering ordering) {
    Rules.checkKnownFlat(ordering, "ordering");
    if (ordering.getType() == WriteOrderingType.UNRECOGNIZED) {
      throw Rules.unrecognized("ordering.type");
    }
  }
}
