package dev.eddy.query.rest.json;

import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The column form of an upsert: ids, vectors and payloads as lists of equal length. */
final class BatchReader {
  private final JsonBody body;
  private final VectorReader vectors;
  private @Nullable List<PointId> ids;

  /** One column per vector name; null until vectors were read. */
  private @Nullable Map<String, List<Vector>> columns;

  private @Nullable List<Payload> payloads;

  private BatchReader(JsonBody body, VectorReader vectors) {
    this.body = body;
    this.vectors = vectors;
  }

  static List<Point> read(JsonBody body, VectorReader vectors) throws IOException {
    BatchReader reader = new BatchReader(body, vectors);
    body.object("struct Batch", reader::field);
    return reader.points();
  }

  private void field(String field) throws IOException {
    switch (field) {
      case "ids" -> ids = PointIdReader.list(body);
      case "vectors" -> columns = columns();
      case "payloads" -> {
        List<Payload> read = new ArrayList<>();
        body.array(() -> read.add(PayloadReader.read(body)));
        payloads = read;
      }
      default -> body.skip();
    }
  }

  private Map<String, List<Vector>> columns() throws IOException {
    Map<String, List<Vector>> read = new LinkedHashMap<>();
    if (body.isArray()) {
      read.put(Vectors.UNNAMED, column());
    } else if (body.isObject()) {
      body.map(name -> read.put(name, column()));
    } else {
      throw body.noVariant("BatchVectorStruct");
    }
    return read;
  }

  private List<Vector> column() throws IOException {
    List<Vector> column = new ArrayList<>();
    body.array(() -> {
      Vector vector = vectors.vector();
      column.add(vector == null ? new Vector.Dense(new float[0]) : vector);
    });
    return column;
  }

  private List<Point> points() {
    List<PointId> rows = ids;
    Map<String, List<Vector>> byName = columns;
    if (rows == null || byName == null) {
      throw body.missing(rows == null ? "ids" : "vectors");
    }
    boolean equal = true;
    for (List<Vector> column : byName.values()) {
      equal &= isEqual("vectors", rows.size(), column.size());
    }
    if (payloads != null) {
      equal &= isEqual("payloads", rows.size(), payloads.size());
    }
    if (!equal) {
      return List.of();
    }
    List<Point> points = new ArrayList<>(rows.size());
    for (int row = 0; row < rows.size(); row++) {
      Map<String, Vector> named = new LinkedHashMap<>();
      for (Map.Entry<String, List<Vector>> column : byName.entrySet()) {
        named.put(column.getKey(), column.getValue().get(row));
      }
      Payload payload = payloads == null ? Payload.EMPTY : payloads.get(row);
      points.add(new Point(rows.get(row), new Vectors(named), payload));
    }
    return points;
  }

  private boolean isEqual(String what, int ids, int others) {
    if (ids == others) {
      return true;
    }
    body.fieldProblem(
        "batch", "number of ids and " + what + " must be equal (" + ids + " != " + others + ")");
    return false;
  }
}
