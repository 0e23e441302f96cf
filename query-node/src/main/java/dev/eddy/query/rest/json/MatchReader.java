package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonParser;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.FieldPredicate.MatchValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code match} of a field condition: which of its keys is there says what is matched. */
final class MatchReader {
  private @Nullable FieldPredicate predicate;

  private MatchReader() {}

  static FieldPredicate read(JsonBody body) throws IOException {
    if (!body.isObject()) {
      throw body.noVariant("MatchInterface");
    }
    MatchReader reader = new MatchReader();
    body.object(
        "a match",
        field -> {
          FieldPredicate read = predicate(field, body);
          if (read == null) {
            body.skip();
          } else if (reader.predicate == null) {
            reader.predicate = read;
          }
        });
    if (reader.predicate == null) {
      throw body.noVariant("MatchInterface");
    }
    return reader.predicate;
  }

  private static @Nullable FieldPredicate predicate(String field, JsonBody body)
      throws IOException {
    return switch (field) {
      case "value" -> new FieldPredicate.Match(value(body));
      case "text" -> new FieldPredicate.MatchText(body.string());
      case "text_any" -> new FieldPredicate.MatchTextAny(body.string());
      case "phrase" -> new FieldPredicate.MatchPhrase(body.string());
      case "prefix" -> new FieldPredicate.MatchPrefix(body.string());
      case "any" -> new FieldPredicate.MatchAny(values(body));
      case "except" -> new FieldPredicate.MatchExcept(values(body));
      default -> null;
    };
  }

  private static MatchValue value(JsonBody body) throws IOException {
    return switch (body.token()) {
      case VALUE_STRING -> new MatchValue.Keyword(body.string());
      case VALUE_TRUE, VALUE_FALSE -> new MatchValue.Flag(body.bool());
      case VALUE_NUMBER_INT -> whole(body);
      default -> throw body.noVariant("ValueVariants");
    };
  }

  private static MatchValue whole(JsonBody body) throws IOException {
    if (body.parser().getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      throw body.noVariant("ValueVariants");
    }
    return new MatchValue.Whole(body.parser().getLongValue());
  }

  private static List<MatchValue> values(JsonBody body) throws IOException {
    List<MatchValue> values = new ArrayList<>();
    body.array(() -> {
      MatchValue value = value(body);
      boolean mixed =
          value instanceof MatchValue.Flag
              || !values.isEmpty() && values.getFirst().getClass() != value.getClass();
      if (mixed) {
        throw body.noVariant("AnyVariants");
      }
      values.add(value);
    });
    return values;
  }
}
