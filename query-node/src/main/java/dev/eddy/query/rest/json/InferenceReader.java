package dev.eddy.query.rest.json;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.point.Vector;
import dev.eddy.text.inference.Document;
import dev.eddy.text.inference.Inference;
import dev.eddy.text.inference.Purpose;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends in the place of a vector: a text, an image or an object, and the model that
 * is to make the vector. Takes the fields of one object as they come.
 */
final class InferenceReader {
  private final JsonBody body;
  private final String path;
  private final Purpose purpose;
  private @Nullable String text;
  private @Nullable String model;
  private JsonObject options = JsonObject.EMPTY;
  private @Nullable String unsupported;

  /**
   * Begins an object.
   *
   * @param path of the object in the body
   */
  InferenceReader(JsonBody body, String path, Purpose purpose) {
    this.body = body;
    this.path = path;
    this.purpose = purpose;
  }

  /** Whether an object in the place of a vector has a field of this name. */
  static boolean isField(String name) {
    return switch (name) {
      case "text", "image", "object", "model", "options" -> true;
      default -> false;
    };
  }

  /** Takes a field that {@link #isField}; its value starts at the current token. */
  void field(String name) throws IOException {
    switch (name) {
      case "text" -> text = body.string();
      case "model" -> model = body.string();
      case "options" -> {
        if (!(body.value() instanceof JsonObject object)) {
          throw body.malformedHere("invalid type, expected a map");
        }
        options = object;
      }
      default -> {
        unsupported = name;
        body.skip();
      }
    }
  }

  /** Takes an image, object or options that were read as something else before. */
  void field(String name, JsonValue value) {
    if (!name.equals("options")) {
      unsupported = name;
    } else if (value instanceof JsonObject object) {
      options = object;
    }
  }

  /** Whether the fields were those of something that a vector is to be made of. */
  boolean isWhole() {
    return model != null && (text != null || unsupported != null);
  }

  /** The vector, or null after a complaint. Only of what is whole. */
  Vector.@Nullable Sparse vector() {
    if (model == null || text == null) {
      body.conflict(Inference.unsupported(path, unsupported == null ? "object" : unsupported));
      return null;
    }
    if (model.isEmpty()) {
      body.problemAt(path + ".model", "value \"\" invalid, must be at least 1 characters");
      return null;
    }
    try {
      return Inference.vector(new Document(text, model, options), purpose, path);
    } catch (EddyException e) {
      body.conflict(e);
      return null;
    }
  }
}
