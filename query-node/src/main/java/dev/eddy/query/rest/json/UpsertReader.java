package dev.eddy.query.rest.json;

import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.PointVectors;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.update.Update;
import dev.eddy.model.update.UpdateMode;
import dev.eddy.text.inference.Purpose;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Points to put in place: as a list or in the column form; and vectors to replace. */
public final class UpsertReader {
  private static final List<String> MODES =
      Arrays.stream(UpdateMode.values()).map(UpdateMode::apiName).toList();

  private final JsonBody body;
  private final VectorReader vectors;
  private @Nullable List<Point> points;
  private @Nullable List<Point> batch;
  private UpdateMode mode = UpdateMode.UPSERT;
  private @Nullable Filter filter;

  private UpsertReader(JsonBody body) {
    this.body = body;
    this.vectors = new VectorReader(body, Purpose.STORED);
  }

  /** Reads {@code {"points": [...]}} or {@code {"batch": {...}}}. */
  public static Update read(JsonBody body) throws IOException {
    if (!body.isObject()) {
      throw body.noVariant("PointInsertOperations");
    }
    UpsertReader reader = new UpsertReader(body);
    body.object("struct PointsList", reader::field);
    List<Point> points = reader.batch != null ? reader.batch : reader.points;
    if (points == null) {
      throw body.noVariant("PointInsertOperations");
    }
    return guarded(new Update.Upsert(points), reader.mode, reader.filter);
  }

  private static Update guarded(Update update, UpdateMode mode, @Nullable Filter filter) {
    return mode == UpdateMode.UPSERT && filter == null
        ? update
        : new Update.Conditional(update, mode, filter);
  }

  private void field(String field) throws IOException {
    switch (field) {
      case "points" -> {
        List<Point> read = new ArrayList<>();
        body.array(() -> read.add(point()));
        points = read;
      }
      case "batch" -> batch = BatchReader.read(body, vectors);
      case "shard_key" -> body.refuseUnlessEmpty();
      case "update_filter" -> filter = FilterReader.read(body);
      case "update_mode" -> mode = UpdateMode.values()[MODES.indexOf(body.word(MODES))];
      default -> body.skip();
    }
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
  public static Update readVectors(JsonBody body) throws IOException {
    VectorReader vectors = new VectorReader(body, Purpose.STORED);
    var draft =
        new Object() {
          @Nullable List<PointVectors> points;
          @Nullable Filter filter;
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
            case "shard_key" -> body.refuseUnlessEmpty();
            case "update_filter" -> draft.filter = FilterReader.read(body);
            default -> body.skip();
          }
        });
    if (draft.points == null) {
      throw body.missing("points");
    }
    return guarded(new Update.UpdateVectors(draft.points), UpdateMode.UPSERT, draft.filter);
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
