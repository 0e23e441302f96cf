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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the {@code vector} of an envelope straight into floats. */
final class VectorsReader {
  private static final int DIMENSION_GUESS = 128;

  /** Values of a sparse vector; the record's size bounds it before. */
  private static final int SPARSE_MAX = 1 << 24;

  private VectorsReader() {}

  /** Reads the value at the parser's token: an array, or an object of vectors by name. */
  static Vectors read(JsonParser parser, String field) throws IOException, RejectedException {
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      return new Vectors(Map.of(Vectors.UNNAMED, array(parser, field)));
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
      JsonToken token = parser.nextToken();
      Vector vector =
          switch (token) {
            case START_ARRAY -> array(parser, path);
            case START_OBJECT -> object(parser, path);
            default ->
                throw new RejectedException(
                    INVALID_VECTOR,
                    "%s: must be an array of numbers, or an object of indices and values or of text and model, got %s"
                        .formatted(path, token));
          };
      if (byName.put(name, vector) != null) {
        throw new RejectedException(INVALID_VECTOR, path + ": given twice");
      }
    }
    return new Vectors(byName);
  }

  /** Numbers, or rows of numbers. */
  private static Vector array(JsonParser parser, String path)
      throws IOException, RejectedException {
    if (parser.nextToken() != JsonToken.START_ARRAY) {
      float[] values = numbers(parser, path, VectorParams.SIZE_MAX);
      if (values.length == 0) {
        throw new RejectedException(INVALID_VECTOR, path + ": dense vector must not be empty");
      }
      return new Vector.Dense(values);
    }
    List<float[]> rows = new ArrayList<>();
    do {
      String row = path + "[" + rows.size() + "]";
      if (parser.currentToken() != JsonToken.START_ARRAY) {
        throw new RejectedException(
            INVALID_VECTOR,
            "%s: must be an array of numbers, got %s".formatted(row, parser.currentToken()));
      }
      parser.nextToken();
      rows.add(numbers(parser, row, VectorParams.SIZE_MAX));
    } while (parser.nextToken() != JsonToken.END_ARRAY);
    return new Vector.Multi(rows.toArray(float[][]::new));
  }

  /** Indices and values, or a document. */
  private static Vector object(JsonParser parser, String path)
      throws IOException, RejectedException {
    int[] indices = null;
    float[] values = null;
    DocumentDraft document = new DocumentDraft(path);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      String place = path + "." + name;
      parser.nextToken();
      switch (name) {
        case "indices" -> {
          enter(parser, place);
          indices = indices(parser, place);
        }
        case "values" -> {
          enter(parser, place);
          values = numbers(parser, place, SPARSE_MAX);
        }
        default -> document.field(parser, name);
      }
    }
    if (indices != null && values != null && document.isEmpty()) {
      return new Vector.Sparse(indices, values);
    }
    if (indices != null || values != null || document.isEmpty()) {
      throw new RejectedException(
          INVALID_VECTOR,
          "%s: a sparse vector has indices and values, a document text and model".formatted(path));
    }
    return document.vector();
  }

  /** Goes to the first token of the array at the current token. */
  private static void enter(JsonParser parser, String place) throws IOException, RejectedException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw new RejectedException(
          INVALID_VECTOR,
          "%s: must be an array of numbers, got %s".formatted(place, parser.currentToken()));
    }
    parser.nextToken();
  }

  private static int[] indices(JsonParser parser, String path)
      throws IOException, RejectedException {
    int[] indices = new int[DIMENSION_GUESS];
    int count = 0;
    for (JsonToken token = parser.currentToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      if (token != JsonToken.VALUE_NUMBER_INT
          || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
          || parser.getLongValue() >>> Integer.SIZE != 0) {
        throw new RejectedException(
            INVALID_VECTOR,
            "%s[%d]: must be an unsigned 32-bit integer, got %s".formatted(path, count, token));
      }
      if (count == indices.length) {
        indices = Arrays.copyOf(indices, count * 2);
      }
      indices[count++] = (int) parser.getLongValue();
    }
    return Arrays.copyOf(indices, count);
  }

  /** The numbers of an array whose first token is the current one. */
  private static float[] numbers(JsonParser parser, String path, int most)
      throws IOException, RejectedException {
    float[] values = new float[DIMENSION_GUESS];
    int count = 0;
    for (JsonToken token = parser.currentToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      if (count == values.length) {
        if (count >= most) {
          throw new RejectedException(
              WRONG_DIMENSION, "%s: more than %d dimensions".formatted(path, most));
        }
        values = Arrays.copyOf(values, count * 2);
      }
      values[count] = component(parser, token, path, count);
      count++;
    }
    return Arrays.copyOf(values, count);
  }

  private static float component(JsonParser parser, JsonToken token, String path, int index)
      throws IOException, RejectedException {
    if (token == null || !token.isNumeric()) {
      throw new RejectedException(
          INVALID_VECTOR, "%s[%d]: must be a number, got %s".formatted(path, index, token));
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
