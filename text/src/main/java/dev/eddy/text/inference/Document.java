package dev.eddy.text.inference;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.json.JsonValue.JsonObject;

/**
 * A text in the place of a vector.
 *
 * @param model who is to make the vector
 * @param options as the client gave them; the model knows what they mean
 */
public record Document(String text, String model, JsonObject options) {
  public Document {
    requireNonNull(text, "text");
    requireNonNull(model, "model");
    requireNonNull(options, "options");
  }
}
