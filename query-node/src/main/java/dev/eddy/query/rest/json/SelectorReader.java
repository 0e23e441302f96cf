package dev.eddy.query.rest.json;

import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.VectorSelector;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code with_payload} and {@code with_vector}. */
final class SelectorReader {
  private SelectorReader() {}

  static PayloadSelector payload(JsonBody body) throws IOException {
    return switch (body.token()) {
      case VALUE_TRUE, VALUE_FALSE -> PayloadSelector.of(body.bool());
      case START_ARRAY -> new PayloadSelector.Include(Keys.list(body));
      case START_OBJECT -> object(body);
      default -> throw body.noVariant("WithPayloadInterface");
    };
  }

  private static PayloadSelector object(JsonBody body) throws IOException {
    var draft =
        new Object() {
          @Nullable List<KeyPath> include;
          @Nullable List<KeyPath> exclude;
        };
    body.object(
        "PayloadSelector",
        field -> {
          switch (field) {
            case "include" -> draft.include = Keys.list(body);
            case "exclude" -> draft.exclude = Keys.list(body);
            default -> throw body.noVariant("WithPayloadInterface");
          }
        });
    if (draft.include != null && draft.exclude == null) {
      return new PayloadSelector.Include(draft.include);
    }
    if (draft.exclude != null && draft.include == null) {
      return new PayloadSelector.Exclude(draft.exclude);
    }
    throw body.noVariant("WithPayloadInterface");
  }

  static VectorSelector vectors(JsonBody body) throws IOException {
    return switch (body.token()) {
      case VALUE_TRUE, VALUE_FALSE -> VectorSelector.of(body.bool());
      case START_ARRAY -> new VectorSelector.Names(body.strings());
      default -> throw body.noVariant("WithVector");
    };
  }
}
