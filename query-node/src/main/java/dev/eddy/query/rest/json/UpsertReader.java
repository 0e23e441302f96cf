package dev.eddy.query.rest.json;

import dev.eddy.model.json.JsonValue.JsonString;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.PointVectors;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.update.Update;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Points to put in place: as a list or in the column form; and vectors to replace. */
public final class UpsertReader {
  private static final List<String> UPDATE_MODES = List.of("upsert", "insert_only", "update_only");

  private final JsonBody body;
  private final VectorReader vectors;
  private @Nullable List<Point> points;
  private @Nullable List<Point> batch;

  private UpsertReader(JsonBody body) {
    this.body = body;
    this.vectors = new VectorReader(body);
  }

  /** Reads {@code {"points": [...]}} or {@code {"batch": {...}}}. */
  public static Update.Upsert read(JsonBody body) throws IOException {
    if (!body.isObject()) {
      throw body.noVariant("PointInsertOperations");
    }
    UpsertReader reader = new UpsertReader(body);
    body.object("struct PointsList", reader::field);
    if (reader.batch != null) {
      return new Update.Upsert(reader.batch);
    }
    if (reader.points == null) {
      throw body.noVariant("PointInsertOperations");
    }
    return new Update.Upsert(reader.points);
  }

  private void field(String field) throws IOException {
    switch (field) {
      case "points" -> {
        List<Point> read = new ArrayList<>();
        body.array(() -> read.add(point()));
        points = read;
      }
      case "batch" -> batch = BatchReader.read(body, vectors);
      case "shard_key", "update_filter" -> body.refuseUnlessEmpty();
      case "update_mode" -> refuseUnlessUpsert(body);
      default -> body.skip();
    }
  }

  private static void refuseUnlessUpsert(JsonBody body) throws IOException {
    body.word(UPDATE_MODES);
    body.refuseUnless(value -> value.equals(new JsonString("upsert")));
  }

  private Point point() throws IOException {
    var draft =
        new Object() {
          @Nullable PointId id;
          @Nullable Vectors vectors;
          Payload payload = Payload.EMPTY;
        };
    body.object(
        "struct PointStruct",
        field -> {
          switch (field) {
            case "id" -> draft.id = PointIdReader.read(body);
            case "vector", "vectors" -> draft.vectors = vectors.vectors();
            case "payload" -> draft.payload = PayloadReader.read(body);
            default -> body.skip();
          }
        });
    if (draft.id == null || draft.vectors == null) {
      throw body.missing(draft.id == null ? "id" : "vector");
    }
    return new Point(draft.id, draft.vectors, draft.payload);
  }

  /** Reads {@code {"points": [{"id", "vector"}]}}: vectors that replace those of the same name. */
  public static Update.UpdateVectors readVectors(JsonBody body) throws IOException {
    VectorReader vectors = new VectorReader(body);
    var draft =
        new Object() {
          @Nullable List<PointVectors> points;
        };
    body.object(
        "struct UpdateVectors",
        field -> {
          switch (field) {
            case "points" -> {
              List<PointVectors> points = new ArrayList<>();
              body.array(() -> points.add(pointVectors(body, vectors)));
              if (points.isEmpty()) {
                body.problem("must specify points to update");
              }
              draft.points = points;
            }
            case "shard_key", "update_filter" -> body.refuseUnlessEmpty();
            default -> body.skip();
          }
        });
    if (draft.points == null) {
      throw body.missing("points");
    }
    return new Update.UpdateVectors(draft.points);
  }

  private static PointVectors pointVectors(JsonBody body, VectorReader vectors) throws IOException {
    var draft =
        new Object() {
          @Nullable PointId id;
          @Nullable Vectors vectors;
        };
    body.object(
        "struct PointVectors",
        field -> {
          switch (field) {
            case "id" -> draft.id = PointIdReader.read(body);
            case "vector", "vectors" -> draft.vectors = vectors.vectors();
            default -> body.skip();
          }
        });
    if (draft.id == null || draft.vectors == null) {
      throw body.missing(draft.id == null ? "id" : "vector");
    }
    return new PointVectors(draft.id, draft.vectors);
  }
}
