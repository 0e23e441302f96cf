package dev.eddy.query.rest.json;

import dev.eddy.model.query.LookupLocation;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** {@code lookup_from} of a query. */
final class LookupReader {
  private LookupReader() {}

  static LookupLocation read(JsonBody body) throws IOException {
    var draft =
        new Object() {
          @Nullable String collection;
          @Nullable String vector;
        };
    body.object(
        "struct LookupLocation",
        field -> {
          switch (field) {
            case "collection" -> draft.collection = body.string();
            case "vector" -> draft.vector = body.string();
            case "shard_key" -> body.refuseUnlessEmpty();
            default -> body.skip();
          }
        });
    if (draft.collection == null) {
      throw body.missing("collection");
    }
    return new LookupLocation(draft.collection, draft.vector);
  }
}
