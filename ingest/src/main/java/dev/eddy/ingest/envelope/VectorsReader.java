package dev.eddy.ingest.envelope;

import static dev.eddy.ingest.envelope.RejectionCode.INVALID_VECTOR;
import static dev.eddy.ingest.envelope.RejectionCode.NOT_FINITE;
import static dev.eddy.ingest.envelope.RejectionCode.WRONG_DIMENSION;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the {@code vector} of an envelope straight into floats. */
final class VectorsReader {
  private static final int DIMENSION_GUESS = 128;

  private VectorsReader() {}

  /** Reads the value at the parser's token: an array, or an object of arrays by name. */
  static Vectors read(JsonParser parser, String field) throws IOException, RejectedException {
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      return new Vectors(Map.of(Vectors.UNNAMED, dense(parser, field)));
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new RejectedException(
          INVALID_VECTOR,
          "%s: must be an array of numbers or an object of such arrays, got %s"
              .formatted(field, parser.currentToken()));
    }
    Map<String, Vector> byName = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      String path = field + "." + name;
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new RejectedException(
            INVALID_VECTOR,
            "%s: must be an array of numbers (sparse vectors are not implemented), got %s"
                .formatted(path, parser.currentToken()));
      }
      if (byName.put(name, dense(parser, path)) != null) {
        throw new RejectedException(INVALID_VECTOR, path + ": given twice");
      }
    }
    return new Vectors(byName);
  }

  private static Vector.Dense dense(JsonParser parser, String path)
      throws IOException, RejectedException {
    float[] values = new float[DIMENSION_GUESS];
    int count = 0;
    JsonToken token;
    while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
      if (count == values.length) {
        if (count >= VectorParams.SIZE_MAX) {
          throw new RejectedException(
              WRONG_DIMENSION,
              "%s: more than %d dimensions".formatted(path, VectorParams.SIZE_MAX));
        }
        values = Arrays.copyOf(values, count * 2);
      }
      values[count] = component(parser, token, path, count);
      count++;
    }
    if (count == 0) {
      throw new RejectedException(INVALID_VECTOR, path + ": dense vector must not be empty");
    }
    return new Vector.Dense(Arrays.copyOf(values, count));
  }

  private static float component(JsonParser parser, JsonToken token, String path, int index)
      throws IOException, RejectedException {
    if (token == null || !token.isNumeric()) {
      throw new RejectedException(
          INVALID_VECTOR,
          "%s[%d]: must be a number, got %s%s"
              .formatted(
                  path,
                  index,
                  token,
                  token == JsonToken.START_ARRAY ? " (multivectors are not implemented)" : ""));
    }
    float value = parser.getFloatValue();
    if (!Float.isFinite(value)) {
      throw new RejectedException(
          NOT_FINITE,
          "%s[%d]: %s is not a finite 32-bit float"
              .formatted(path, index, EnvelopeReader.excerpt(parser.getText())));
    }
    return value;
  }
}
