package dev.eddy.query.rest.json;

import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.error.EddyException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The parameters of a vector to add to a collection. */
public final class VectorNameReader {
  private VectorNameReader() {}

  /** Reads {@code {"dense": {...}}}. */
  public static VectorParams read(JsonBody body) throws IOException {
    if (!body.isObject()) {
      throw body.noVariant("VectorNameConfig");
    }
    var draft =
        new Object() {
          @Nullable VectorParams params;
        };
    body.object(
        "VectorNameConfig",
        field -> {
          switch (field) {
            case "dense" -> draft.params = VectorParamsReader.params(body);
            case "sparse" -> throw EddyException.notImplemented("sparse");
            default -> body.skip();
          }
        });
    if (draft.params == null) {
      throw body.noVariant("VectorNameConfig");
    }
    return draft.params;
  }
}
