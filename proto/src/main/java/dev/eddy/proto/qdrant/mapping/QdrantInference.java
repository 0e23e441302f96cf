package dev.eddy.proto.qdrant.mapping;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.point.Vector;
import dev.eddy.proto.qdrant.Document;
import dev.eddy.proto.qdrant.Image;
import dev.eddy.proto.qdrant.InferenceObject;
import dev.eddy.text.inference.Inference;
import dev.eddy.text.inference.Purpose;

/** What clients send in the place of a vector. */
final class QdrantInference {
  private QdrantInference() {}

  static Vector.Sparse vector(Document message, Purpose purpose, String path) {
    Rules.checkKnownFlat(message, path);
    if (message.getModel().isEmpty()) {
      RuleBook.note(path + ".model: value \"\" invalid, must be at least 1 characters");
      return new Vector.Sparse(new int[0], new float[0]);
    }
    return Inference.vector(
        new dev.eddy.text.inference.Document(
            message.getText(), message.getModel(), options(message)),
        purpose,
        path);
  }

  private static JsonObject options(Document message) {
    return QdrantValues.object(message.getOptionsMap());
  }

  static EddyException refusal(Image message, String path) {
    Rules.checkKnown(message);
    return Inference.unsupported(path, "image");
  }

  static EddyException refusal(InferenceObject message, String path) {
    Rules.checkKnown(message);
    return Inference.unsupported(path, "object");
  }
}
