package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.query.OrderValue;
import dev.eddy.model.query.ScoredPoint;
import dev.eddy.query.read.ScrollPage;
import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Points in answers. What was not selected is left out; numbers are written in the shortest form
 * that reads back as the same float32.
 */
public final class PointWriter {
  private PointWriter() {}

  /** Hits of one query as a list. */
  public static void hits(JsonGenerator generator, List<ScoredPoint> hits) throws IOException {
    generator.writeStartArray();
    for (ScoredPoint hit : hits) {
      generator.writeStartObject();
      generator.writeFieldName("id");
      id(generator, hit.id());
      generator.writeNumberField("version", hit.version());
      generator.writeFieldName("score");
      score(generator, hit.score());
      content(generator, hit.payload(), hit.vectors());
      order(generator, hit.order());
      generator.writeEndObject();
    }
    generator.writeEndArray();
  }

  /** Null beyond the range of a float32: JSON has no number for it, and a string is none. */
  static void score(JsonGenerator generator, float score) throws IOException {
    if (Float.isFinite(score)) {
      generator.writeNumber(score);
    } else {
      generator.writeNull();
    }
  }

  /** {@code {"points": [...]}}. */
  public static void queryResponse(JsonGenerator generator, List<ScoredPoint> hits)
      throws IOException {
    generator.writeStartObject();
    generator.writeFieldName("points");
    hits(generator, hits);
    generator.writeEndObject();
  }

  /** Points read back, as a list. */
  public static void records(JsonGenerator generator, List<StoredPoint> points) throws IOException {
    generator.writeStartArray();
    for (StoredPoint point : points) {
      record(generator, point);
    }
    generator.writeEndArray();
  }

  public static void record(JsonGenerator generator, StoredPoint point) throws IOException {
    record(generator, point, null);
  }

  private static void record(JsonGenerator generator, StoredPoint point, @Nullable OrderValue order)
      throws IOException {
    generator.writeStartObject();
    generator.writeFieldName("id");
    id(generator, point.id());
    content(generator, point.payload(), point.vectors());
    order(generator, order);
    generator.writeEndObject();
  }

  private static void order(JsonGenerator generator, @Nullable OrderValue order)
      throws IOException {
    switch (order) {
      case null -> {}
      case OrderValue.Whole(long value) -> generator.writeNumberField("order_value", value);
      case OrderValue.Real(double value) -> generator.writeNumberField("order_value", value);
    }
  }

  public static void page(JsonGenerator generator, ScrollPage page) throws IOException {
    generator.writeStartObject();
    generator.writeFieldName("points");
    generator.writeStartArray();
    for (int i = 0; i < page.points().size(); i++) {
      record(generator, page.points().get(i), page.orderValue(i));
    }
    generator.writeEndArray();
    generator.writeFieldName("next_page_offset");
    PointId next = page.nextId();
    if (next == null) {
      generator.writeNull();
    } else {
      id(generator, next);
    }
    generator.writeEndObject();
  }

  static void id(JsonGenerator generator, PointId id) throws IOException {
    switch (id) {
      case PointId.Num number when number.bits() >= 0 -> generator.writeNumber(number.bits());
      case PointId.Num number -> generator.writeNumber(new BigInteger(number.toString()));
      case PointId.Uuid uuid -> generator.writeString(uuid.toString());
    }
  }

  private static void content(
      JsonGenerator generator, @Nullable Payload payload, @Nullable Vectors vectors)
      throws IOException {
    if (payload != null) {
      generator.writeFieldName("payload");
      generator.writeRawValue(new RawJson(payload.json()));
    }
    if (vectors != null) {
      generator.writeFieldName("vector");
      vectors(generator, vectors);
    }
  }

  /** The unnamed vector as a bare array, named ones as an object. */
  private static void vectors(JsonGenerator generator, Vectors vectors) throws IOException {
    Vector unnamed = vectors.byName().get(Vectors.UNNAMED);
    if (unnamed != null && vectors.byName().size() == 1) {
      vector(generator, unnamed);
      return;
    }
    generator.writeStartObject();
    for (Map.Entry<String, Vector> named : vectors.byName().entrySet()) {
      generator.writeFieldName(named.getKey());
      vector(generator, named.getValue());
    }
    generator.writeEndObject();
  }

  private static void vector(JsonGenerator generator, Vector vector) throws IOException {
    switch (vector) {
      case Vector.Dense dense -> floats(generator, dense.values());
      case Vector.Multi multi -> {
        generator.writeStartArray();
        for (float[] row : multi.rows()) {
          floats(generator, row);
        }
        generator.writeEndArray();
      }
      case Vector.Sparse sparse -> {
        generator.writeStartObject();
        generator.writeArrayFieldStart("indices");
        for (int index : sparse.indices()) {
          generator.writeNumber(Integer.toUnsignedLong(index));
        }
        generator.writeEndArray();
        generator.writeFieldName("values");
        floats(generator, sparse.values());
        generator.writeEndObject();
      }
    }
  }

  private static void floats(JsonGenerator generator, float[] values) throws IOException {
    generator.writeStartArray();
    for (float value : values) {
      generator.writeNumber(value);
    }
    generator.writeEndArray();
  }
}
