package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.point.PointId;
import dev.eddy.model.query.DistanceMatrix;
import dev.eddy.model.query.FacetHit;
import dev.eddy.model.query.PointGroup;
import java.io.IOException;
import java.util.List;

/** Groups, facets and matrices in answers. */
public final class GroupWriter {
  private GroupWriter() {}

  public static void groups(JsonGenerator generator, List<PointGroup> groups) throws IOException {
    generator.writeStartObject();
    generator.writeArrayFieldStart("groups");
    for (PointGroup group : groups) {
      generator.writeStartObject();
      generator.writeFieldName("hits");
      PointWriter.hits(generator, group.hits());
      generator.writeFieldName("id");
      JsonCodec.write(group.value(), generator);
      if (group.lookup() != null) {
        generator.writeFieldName("lookup");
        PointWriter.record(generator, group.lookup());
      }
      generator.writeEndObject();
    }
    generator.writeEndArray();
    generator.writeEndObject();
  }

  public static void facets(JsonGenerator generator, List<FacetHit> hits) throws IOException {
    generator.writeStartObject();
    generator.writeArrayFieldStart("hits");
    for (FacetHit hit : hits) {
      generator.writeStartObject();
      generator.writeFieldName("value");
      JsonCodec.write(hit.value(), generator);
      generator.writeNumberField("count", hit.count());
      generator.writeEndObject();
    }
    generator.writeEndArray();
    generator.writeEndObject();
  }

  /** One object per cell. */
  public static void pairs(JsonGenerator generator, DistanceMatrix matrix) throws IOException {
    generator.writeStartObject();
    generator.writeArrayFieldStart("pairs");
    for (DistanceMatrix.Cell cell : matrix.cells()) {
      generator.writeStartObject();
      generator.writeFieldName("a");
      PointWriter.id(generator, matrix.ids().get(cell.row()));
      generator.writeFieldName("b");
      PointWriter.id(generator, matrix.ids().get(cell.column()));
      generator.writeFieldName("score");
      PointWriter.score(generator, cell.score());
      generator.writeEndObject();
    }
    generator.writeEndArray();
    generator.writeEndObject();
  }

  /** A list per coordinate. */
  public static void offsets(JsonGenerator generator, DistanceMatrix matrix) throws IOException {
    generator.writeStartObject();
    generator.writeArrayFieldStart("offsets_row");
    for (DistanceMatrix.Cell cell : matrix.cells()) {
      generator.writeNumber(cell.row());
    }
    generator.writeEndArray();
    generator.writeArrayFieldStart("offsets_col");
    for (DistanceMatrix.Cell cell : matrix.cells()) {
      generator.writeNumber(cell.column());
    }
    generator.writeEndArray();
    generator.writeArrayFieldStart("scores");
    for (DistanceMatrix.Cell cell : matrix.cells()) {
      PointWriter.score(generator, cell.score());
    }
    generator.writeEndArray();
    generator.writeArrayFieldStart("ids");
    for (PointId id : matrix.ids()) {
      PointWriter.id(generator, id);
    }
    generator.writeEndArray();
    generator.writeEndObject();
  }
}
