package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.eddy.model.collection.VectorRules;
import dev.eddy.model.collection.VectorRules.Problem;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Vectors of one request. Numbers become arrays straight from the tokens; texts or images to embed
 * are refused as not built yet.
 *
 * <p>One per body: the length of the last vector is the guess for the next.
 */
final class VectorReader {
  private static final int LENGTH_GUESS = 128;
  private static final int ROWS_GUESS = 16;

  private final JsonBody body;
  private int lengthGuess = LENGTH_GUESS;

  VectorReader(JsonBody body) {
    this.body = body;
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
    Map<String, Vector> named = new LinkedHashMap<>();
    body.map(name -> {
      if (body.isObject() && isInferenceField(name)) {
        body.refuse("inference");
      } else if (body.isArray() || body.isObject()) {
        Vector vector = vector();
        if (vector != null) {
          named.put(name, vector);
        }
      } else if (isInferenceField(name)) {
        body.refuse("inference");
      } else {
        throw body.noVariant("VectorStruct");
      }
    });
    return new Vectors(named);
  }

  private static boolean isInferenceField(String name) {
    return switch (name) {
      case "text", "image", "object", "model", "options" -> true;
      default -> false;
    };
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
          boolean isInference;
        };
    String path = body.path();
    body.object(
        "struct SparseVector",
        field -> {
          switch (field) {
            case "indices" -> draft.indices = indices();
            case "values" -> draft.values = numbersOfArray();
            default -> {
              draft.isInference |= isInferenceField(field);
              body.skip();
            }
          }
        });
    if (draft.indices != null && draft.values != null) {
      return checked(new Vector.Sparse(draft.indices, draft.values));
    }
    if (!draft.isInference) {
      throw body.noVariant("Vector");
    }
    body.refuseAt(path + " (inference)");
    return null;
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

  /** The vector, or null after a complaint of a rule that it breaks. */
  private @Nullable Vector checked(Vector vector) {
    Problem problem = VectorRules.brokenRule(vector).orElse(null);
    if (!(problem instanceof Problem.BrokenRule(String place, String text))) {
      return vector;
    }
    String path = body.path();
    if (place.startsWith(".?")) {
      // The contract names the field of the point, not the vector, in front of it.
      int field = path.lastIndexOf(".vector");
      path = field < 0 ? path : path.substring(0, endOfName(path, field + 1));
    }
    body.problemAt(path + place, text);
    return null;
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
