package dev.eddy.engine.filter;

import dev.eddy.engine.filter.FieldRules.FieldRule;
import dev.eddy.model.filter.FieldPredicate.GeoPoint;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonArray;
import dev.eddy.model.json.JsonValue.JsonBoolean;
import dev.eddy.model.json.JsonValue.JsonNumber;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.JsonValue.JsonString;
import dev.eddy.model.json.KeyPath.Step;
import dev.eddy.model.point.PointId;
import java.util.List;
import java.util.OptionalLong;

/** What the index of one declared field knows of payloads. Immutable, thread-safe. */
public final class FieldElements {
  private final List<Step> steps;
  private final FieldRule rule;

  FieldElements(List<Step> steps, FieldRule rule) {
    this.steps = steps;
    this.rule = rule;
  }

  /** Takes what there is in one payload. */
  public interface Sink {
    /**
     * A value at the path, an array as a whole.
     *
     * @param count of values that it is
     * @param isEmpty whether it is null or an empty array
     * @param hasNull whether it is null or an array with one
     */
    void value(long count, boolean isEmpty, boolean hasNull);

    /** An element of an integer, float, bool or date-time field, as {@link FieldKeys} has it. */
    void key(long key);

    /** An element of a keyword or UUID field, or a token of a text. */
    void term(String term);

    /** An element of a geo field. */
    void point(GeoPoint point);
  }

  /** Path of the field. */
  public List<Step> steps() {
    return steps;
  }

  /** Whether elements are terms; otherwise keys or points. */
  public boolean areTerms() {
    return switch (rule.index().type()) {
      case KEYWORD, UUID, TEXT -> true;
      case INTEGER, FLOAT, BOOL, DATETIME, GEO -> false;
    };
  }

  /** Whether the payload has a value of the declared type. */
  public boolean areIn(JsonObject payload) {
    boolean[] has = new boolean[1];
    JsonPaths.values(payload, steps, value -> has[0] |= DeclaredValues.has(rule.index(), value));
    return has[0];
  }

  /** Hands over everything that the payload has of the field. */
  public void forEach(JsonObject payload, Sink sink) {
    JsonPaths.values(
        payload,
        steps,
        value -> {
          sink.value(
              FieldCheck.countOf(value), FieldCheck.isEmpty(value), FieldCheck.hasNull(value));
          if (value instanceof JsonArray(List<JsonValue> elements)) {
            elements.forEach(element -> element(element, sink));
          } else {
            element(value, sink);
          }
        });
  }

  private void element(JsonValue element, Sink sink) {
    switch (rule.index().type()) {
      case KEYWORD -> {
        if (element instanceof JsonString(String text)) {
          sink.term(text);
        }
      }
      case UUID -> {
        if (element instanceof JsonString(String text)) {
          PointId.parseUuid(text).ifPresent(id -> sink.term(id.toString()));
        }
      }
      case TEXT -> {
        if (element instanceof JsonString(String text) && rule.text() != null) {
          rule.text().storedTokens(text).forEach(sink::term);
        }
      }
      case INTEGER -> {
        if (element instanceof JsonNumber number) {
          present(DeclaredValues.integer(number), sink);
        }
      }
      case FLOAT -> {
        if (element instanceof JsonNumber number) {
          sink.key(FieldKeys.ofReal(number.asDouble()));
        }
      }
      case BOOL -> {
        if (element instanceof JsonBoolean(boolean flag)) {
          sink.key(flag ? 1 : 0);
        }
      }
      case DATETIME -> present(FieldCheck.micros(element), sink);
      case GEO -> {
        GeoPoint point = GeoShapes.point(element);
        if (point != null) {
          sink.point(point);
        }
      }
    }
  }

  private static void present(OptionalLong key, Sink sink) {
    if (key.isPresent()) {
      sink.key(key.getAsLong());
    }
  }
}
