package dev.eddy.query.rest.json;

import dev.eddy.model.collection.Declaration;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A name of vectors to add to a collection. */
public final class VectorNameReader {
  private static final String EXPECTED = "VectorNameConfig";

  private VectorNameReader() {}

  /** Reads {@code {"dense": {...}}} or {@code {"sparse": {...}}}. */
  public static Declaration read(JsonBody body, String name) throws IOException {
    if (!body.isObject()) {
      throw body.noVariant(EXPECTED);
    }
    var draft =
        new Object() {
          @Nullable Declaration dense;
          @Nullable Declaration sparse;
        };
    body.object(
        EXPECTED,
        field -> {
          switch (field) {
            case "dense" ->
                draft.dense =
                    new Declaration.AddVector(name, VectorParamsReader.params(body, EXPECTED));
            case "sparse" ->
                draft.sparse =
                    new Declaration.AddSparseVector(name, SparseParamsReader.ofName(body));
            default -> body.skip();
          }
        });
    if (draft.dense != null) {
      return draft.dense;
    }
    if (draft.sparse == null) {
      throw body.noVariant(EXPECTED);
    }
    return draft.sparse;
  }
}
