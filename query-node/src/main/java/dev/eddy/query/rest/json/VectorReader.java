package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Vectors of one request. Dense ones become {@code float[]} straight from the tokens; sparse ones,
 * multivectors and texts or images to embed are refused as not built yet.
 *
 * <p>One per body: the length of the last vector is the guess for the next.
 */
final class VectorReader {
  private static final int LENGTH_GUESS = 128;

  private final JsonBody body;
  private int lengthGuess = LENGTH_GUESS;

  VectorReader(JsonBody body) {
    this.body = body;
  }

  /** The {@code vector} of a point: an array for the unnamed vector, or an object of named ones. */
  Vectors vectors() throws IOException {
    if (body.isArray()) {
      float[] values = dense();
      return values == null ? Vectors.NONE : Vectors.unnamed(values);
    }
    if (!body.isObject()) {
      throw body.noVariant("VectorStruct");
    }
    Map<String, Vector> named = new LinkedHashMap<>();
    body.map(name -> {
      if (body.isObject() && isInferenceField(name)) {
        body.refuse("inference");
      } else if (body.isArray() || body.isObject()) {
        float[] values = single();
        if (values != null) {
          named.put(name, new Vector.Dense(values));
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

  /** One vector under a name; null when it is of a kind that was refused. */
  float @Nullable [] single() throws IOException {
    if (body.isArray()) {
      return dense();
    }
    if (!body.isObject()) {
      throw body.noVariant("Vector");
    }
    refuseObject();
    return null;
  }

  /** Refuses an object in the place of a vector by what it seems to be. */
  void refuseObject() throws IOException {
    String path = body.path();
    boolean[] sparse = new boolean[1];
    boolean[] inference = new boolean[1];
    body.map(field -> {
      sparse[0] |= field.equals("indices") || field.equals("values");
      inference[0] |= isInferenceField(field);
      body.skip();
    });
    if (sparse[0]) {
      body.refuseAt(path + " (sparse vector)");
    } else if (inference[0]) {
      body.refuseAt(path + " (inference)");
    } else {
      throw body.noVariant("Vector");
    }
  }

  /**
   * The numbers of the array that starts at the current token; null when it is a multivector, which
   * was refused.
   */
  float @Nullable [] dense() throws IOException {
    JsonParser parser = body.parser();
    float[] values = new float[lengthGuess];
    int length = 0;
    JsonToken token = parser.nextToken();
    if (token == JsonToken.START_ARRAY) {
      refuseRows();
      return null;
    }
    for (; token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      if (token != JsonToken.VALUE_NUMBER_FLOAT && token != JsonToken.VALUE_NUMBER_INT) {
        throw body.wrongType("f32");
      }
      if (length == values.length) {
        values = Arrays.copyOf(values, length * 2);
      }
      float value = FloatText.parse(parser);
      values[length++] = Float.isFinite(value) ? value : body.finite(value);
    }
    if (length == 0) {
      body.problem("dense vector must not be empty");
    }
    lengthGuess = Math.max(1, length);
    return length == values.length ? values : Arrays.copyOf(values, length);
  }

  /** The current token starts the first row. */
  private void refuseRows() throws IOException {
    String path = body.path();
    body.refuseAt(path.substring(0, path.lastIndexOf('[')) + " (multivector)");
    do {
      body.skip();
    } while (body.parser().nextToken() != JsonToken.END_ARRAY);
  }
}
