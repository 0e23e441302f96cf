package dev.eddy.ingest.envelope;

import static dev.eddy.ingest.envelope.RejectionCode.INVALID_VECTOR;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue.JsonNull;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.point.Vector;
import dev.eddy.text.inference.Document;
import dev.eddy.text.inference.Inference;
import dev.eddy.text.inference.Purpose;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A document in the place of a vector, field by field. */
final class DocumentDraft {
  private final String path;
  private @Nullable String text;
  private @Nullable String model;
  private @Nullable JsonObject options;

  DocumentDraft(String path) {
    this.path = path;
  }

  /** Whether it has no field yet. */
  boolean isEmpty() {
    return text == null && model == null && options == null;
  }

  /** Takes the field whose value is at the current token. */
  void field(JsonParser parser, String name) throws IOException, RejectedException {
    switch (name) {
      case "text" -> text = string(parser, name);
      case "model" -> model = string(parser, name);
      case "options" ->
          options =
              switch (JsonCodec.read(parser)) {
                case JsonObject object -> object;
                case JsonNull ignored -> JsonObject.EMPTY;
                default -> throw rejected(path + ".options: must be an object");
              };
      case "image", "object" -> throw rejected(Inference.unsupported(path, name).text());
      default ->
          throw rejected(
              "%s.%s: unknown; a sparse vector has indices and values, a document text, model and options"
                  .formatted(path, name));
    }
  }

  private String string(JsonParser parser, String name) throws IOException, RejectedException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw rejected("%s.%s: must be text, got %s".formatted(path, name, parser.currentToken()));
    }
    return parser.getText();
  }

  Vector.Sparse vector() throws RejectedException {
    if (text == null || model == null) {
      throw rejected("%s.%s: missing".formatted(path, text == null ? "text" : "model"));
    }
    try {
      return Inference.vector(
          new Document(text, model, options == null ? JsonObject.EMPTY : options),
          Purpose.STORED,
          path);
    } catch (EddyException e) {
      throw rejected(e.text());
    }
  }

  private static RejectedException rejected(String reason) {
    return new RejectedException(INVALID_VECTOR, reason);
  }
}
