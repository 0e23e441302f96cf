package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.eddy.model.collection.VectorRules;
import dev.eddy.model.collection.VectorRules.Problem.BrokenRule;
import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import dev.eddy.text.inference.Purpose;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Vectors of one request. Numbers become arrays straight from the tokens, documents become sparse
 * vectors.
 *
 * <p>One per body: the length of the last vector is the guess for the next.
 */
final class VectorReader {
  private static final int LENGTH_GUESS = 128;
  private static final int ROWS_GUESS = 16;

  /** Stands for a vector that was complained of. */
  private static final Vector NOTHING = new Vector.Dense(new float[0]);

  private final JsonBody body;
  private final Purpose purpose;

  /** Path of the body in the one that it is a part of, or empty. */
  private final String root;

  private int lengthGuess = LENGTH_GUESS;

  /**
   * Reads vectors of a body.
   *
   * @param purpose what the vectors of documents are made for
   */
  VectorReader(JsonBody body, Purpose purpose) {
    this(body, purpose, "");
  }

  private VectorReader(JsonBody body, Purpose purpose, String root) {
    this.body = body;
    this.purpose = purpose;
    this.root = root;
  }

  /** The {@code vector} of a point: an array for the unnamed vector, or an object of named ones. */
  Vectors vectors() throws IOException {
    if (body.isArray()) {
      Vector vector = array();
      return vector == null ? Vectors.NONE : new Vectors(Map.of(Vectors.UNNAMED, vector));
    }
    if (!body.isObject()) {
      throw body.noVariant("VectorStruct");
    }
    NamedVectors named = new NamedVectors();
    body.map(named::field);
    return named.vectors();
  }

  /**
   * An object in the place of a point's vectors: vectors by name, or something to make one of. Both
   * may have a field {@code image}, {@code object} or {@code options}: a model tells which it is.
   */
  private final class NamedVectors {
    private final Map<String, Vector> byName = new LinkedHashMap<>();
    private @Nullable Map<String, JsonValue> unclear;
    private @Nullable InferenceReader inference;

    void field(String name) throws IOException {
      if (body.isObject() && isUnclear(name)) {
        unclear = unclear == null ? new LinkedHashMap<>() : unclear;
        unclear.put(name, body.value());
      } else if (body.isArray() || body.isObject()) {
        Vector vector = vector();
        if (vector != null) {
          byName.put(name, vector);
        }
      } else if (!InferenceReader.isField(name)) {
        throw body.noVariant("VectorStruct");
      } else if (!body.isNull()) {
        inference = inference == null ? inferenceAround(name) : inference;
        inference.field(name);
      }
    }

    private static boolean isUnclear(String name) {
      return name.equals("image") || name.equals("object") || name.equals("options");
    }

    Vectors vectors() throws IOException {
      if (inference == null) {
        if (unclear != null) {
          for (Map.Entry<String, JsonValue> each : unclear.entrySet()) {
            byName.put(each.getKey(), again(each.getKey(), each.getValue()));
          }
        }
        return new Vectors(byName);
      }
      if (unclear != null) {
        unclear.forEach(inference::field);
      }
      if (!inference.isWhole()) {
        throw body.noVariant("VectorStruct");
      }
      Vector vector = inference.vector();
      return vector == null ? Vectors.NONE : new Vectors(Map.of(Vectors.UNNAMED, vector));
    }
  }

  /** The vector that was read as any value. */
  private Vector again(String name, JsonValue value) throws IOException {
    String path = body.path() + "." + name;
    return JsonBody.read(
        new ByteArrayInputStream(JsonCodec.write(value)),
        "",
        inner -> {
          Vector vector = new VectorReader(inner, purpose, path).vector();
          return vector == null ? NOTHING : vector;
        });
  }

  /** For the object that has the field at the current place. */
  private InferenceReader inferenceAround(String field) {
    String path = root + body.path();
    // Of a body that is the object alone, the field has no dot before it.
    int end = Math.max(root.length(), path.length() - field.length() - 1);
    return new InferenceReader(body, path.substring(0, end), purpose);
  }

  /** One vector of any form; null when it was complained of. */
  @Nullable Vector vector() throws IOException {
    if (body.isArray()) {
      return array();
    }
    if (!body.isObject()) {
      throw body.noVariant("Vector");
    }
    return object();
  }

  /** Numbers, or rows of numbers. */
  private @Nullable Vector array() throws IOException {
    JsonParser parser = body.parser();
    if (parser.nextToken() != JsonToken.START_ARRAY) {
      return new Vector.Dense(rest());
    }
    List<float[]> rows = new ArrayList<>(ROWS_GUESS);
    do {
      if (!body.isArray()) {
        throw body.wrongType("a sequence");
      }
      parser.nextToken();
      rows.add(numbers());
    } while (parser.nextToken() != JsonToken.END_ARRAY);
    return checked(new Vector.Multi(rows.toArray(float[][]::new)));
  }

  private @Nullable Vector object() throws IOException {
    var draft =
        new Object() {
          int @Nullable [] indices;
          float @Nullable [] values;
          @Nullable InferenceReader inference;
        };
    body.object(
        "struct SparseVector",
        field -> {
          switch (field) {
            case "indices" -> draft.indices = indices();
            case "values" -> draft.values = numbersOfArray();
            default -> {
              if (InferenceReader.isField(field)) {
                draft.inference =
                    draft.inference == null ? inferenceAround(field) : draft.inference;
                draft.inference.field(field);
              } else {
                body.skip();
              }
            }
          }
        });
    if (draft.indices != null && draft.values != null) {
      return checked(new Vector.Sparse(draft.indices, draft.values));
    }
    if (draft.inference == null || !draft.inference.isWhole()) {
      throw body.noVariant("Vector");
    }
    return draft.inference.vector();
  }

  /** The numbers of the array that starts at the current token, unsigned. */
  int[] indices() throws IOException {
    int[] indices = new int[LENGTH_GUESS];
    int length = 0;
    if (!body.isArray()) {
      throw body.wrongType("a sequence");
    }
    while (body.parser().nextToken() != JsonToken.END_ARRAY) {
      if (length == indices.length) {
        indices = Arrays.copyOf(indices, length * 2);
      }
      indices[length++] = (int) body.u32();
    }
    return Arrays.copyOf(indices, length);
  }

  /** The vector, or null after complaints of the rules that it breaks. */
  private @Nullable Vector checked(Vector vector) {
    List<BrokenRule> broken = VectorRules.brokenRules(vector);
    broken.forEach(this::complain);
    return broken.isEmpty() ? vector : null;
  }

  private void complain(BrokenRule broken) {
    String path = root + body.path();
    if (broken.place().startsWith(".?")) {
      // The contract names the field of the point, not the vector, in front of it.
      int field = path.lastIndexOf(".vector");
      path = field < 0 ? path : path.substring(0, endOfName(path, field + 1));
    }
    body.problemAt(path + broken.place(), broken.text());
  }

  private static int endOfName(String path, int from) {
    int end = from;
    while (end < path.length() && Character.isLetter(path.charAt(end))) {
      end++;
    }
    return end;
  }

  /** The numbers of a dense vector whose first token is the current one. */
  private float[] rest() throws IOException {
    float[] values = numbers();
    if (values.length == 0) {
      body.problem("dense vector must not be empty");
    }
    lengthGuess = Math.max(1, values.length);
    return values;
  }

  /** The numbers of the array that starts at the current token. */
  float[] numbersOfArray() throws IOException {
    if (!body.isArray()) {
      throw body.wrongType("a sequence");
    }
    body.parser().nextToken();
    return numbers();
  }

  /** The numbers of an array whose first token is the current one. */
  private float[] numbers() throws IOException {
    JsonParser parser = body.parser();
    float[] values = new float[lengthGuess];
    int length = 0;
    for (JsonToken token = parser.currentToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      if (token != JsonToken.VALUE_NUMBER_FLOAT && token != JsonToken.VALUE_NUMBER_INT) {
        throw body.wrongType("f32");
      }
      if (length == values.length) {
        values = Arrays.copyOf(values, length * 2);
      }
      float value = FloatText.parse(parser);
      values[length++] = Float.isFinite(value) ? value : body.finite(value);
    }
    return length == values.length ? values : Arrays.copyOf(values, length);
  }
}
