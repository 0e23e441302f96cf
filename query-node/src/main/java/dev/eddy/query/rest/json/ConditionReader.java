package dev.eddy.query.rest.json;

import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.PointId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One condition of a filter. Its kind is told by which keys it has, in the contract's order: a
 * field condition, {@code is_empty}, {@code is_null}, {@code has_id}, {@code has_vector}, {@code
 * slice}, {@code nested}, and last a filter, in which an unknown key is an error.
 */
final class ConditionReader {
  private final JsonBody body;
  private final List<FieldPredicate> predicates = new ArrayList<>();
  private final FilterReader.Clauses clauses = new FilterReader.Clauses();
  private @Nullable KeyPath key;
  private @Nullable Condition special;
  private @Nullable String unknown;

  ConditionReader(JsonBody body) {
    this.body = body;
  }

  static Condition read(JsonBody body) throws IOException {
    if (!body.isObject()) {
      throw body.noVariant("Condition");
    }
    ConditionReader reader = new ConditionReader(body);
    body.object("a condition", reader::field);
    return reader.condition();
  }

  /** Takes one key of the condition. */
  void field(String field) throws IOException {
    switch (field) {
      case "key" -> key = Keys.read(body);
      case "match" -> predicates.add(MatchReader.read(body));
      case "range" -> predicates.add(RangeReader.range(body));
      case "values_count" -> predicates.add(RangeReader.valuesCount(body));
      case "geo_bounding_box" -> predicates.add(GeoReader.boundingBox(body));
      case "geo_radius" -> predicates.add(GeoReader.radius(body));
      case "geo_polygon" -> predicates.add(GeoReader.polygon(body));
      case "is_empty" -> {
        if (body.isObject()) {
          special(new Condition.IsEmpty(payloadField()));
        } else {
          predicates.add(new FieldPredicate.Empty(body.bool()));
        }
      }
      case "is_null" -> {
        if (body.isObject()) {
          special(new Condition.IsNull(payloadField()));
        } else {
          predicates.add(new FieldPredicate.Null(body.bool()));
        }
      }
      case "has_id" -> special(hasId());
      case "has_vector" -> special(new Condition.HasVector(body.string()));
      case "slice" -> special(slice());
      case "nested" -> special(nested());
      default -> {
        if (!clauses.read(field, body)) {
          unknown = field;
          body.skip();
        }
      }
    }
  }

  private void special(Condition condition) {
    if (special == null) {
      special = condition;
    }
  }

  /** The condition that the keys make. */
  Condition condition() {
    if (key != null) {
      if (predicates.isEmpty()) {
        body.fieldProblem("__all__", "At least one field condition must be specified");
      }
      return new Condition.Field(key, predicates);
    }
    if (special != null) {
      return special;
    }
    if (!predicates.isEmpty()) {
      throw body.missing("key");
    }
    if (unknown != null) {
      throw body.malformedHere(
          "data did not match any variant of untagged enum Condition: unknown field `"
              + JsonBody.shortened(unknown)
              + "`");
    }
    return new Condition.Sub(clauses.filter());
  }

  private KeyPath payloadField() throws IOException {
    var draft =
        new Object() {
          @Nullable KeyPath key;
        };
    body.object(
        "struct PayloadField",
        field -> {
          if (field.equals("key")) {
            draft.key = Keys.read(body);
          } else {
            body.skip();
          }
        });
    if (draft.key == null) {
      throw body.missing("key");
    }
    return draft.key;
  }

  private Condition hasId() throws IOException {
    Set<PointId> ids = new LinkedHashSet<>();
    body.array(() -> PointIdReader.add(body, ids));
    return new Condition.HasId(ids);
  }

  private Condition slice() throws IOException {
    var draft =
        new Object() {
          long total = -1;
          long index = -1;
        };
    body.object(
        "struct Slice",
        field -> {
          switch (field) {
            case "total" -> {
              draft.total = body.u32();
              if (draft.total < 1) {
                body.problem("value 0 invalid, must be 1 or larger");
              }
            }
            case "index" -> draft.index = body.u32();
            default -> body.skip();
          }
        });
    if (draft.total < 0 || draft.index < 0) {
      throw body.missing(draft.total < 0 ? "total" : "index");
    }
    if (draft.total > 0 && draft.index >= draft.total) {
      body.fieldProblem(
          "index", "value " + draft.index + " invalid, must be less than total " + draft.total);
    }
    return new Condition.Slice(draft.total, draft.index);
  }

  private Condition nested() throws IOException {
    var draft =
        new Object() {
          @Nullable KeyPath key;
          @Nullable Filter filter;
        };
    body.object(
        "struct Nested",
        field -> {
          switch (field) {
            case "key" -> draft.key = Keys.read(body);
            case "filter" -> draft.filter = FilterReader.inner(body);
            default -> body.skip();
          }
        });
    if (draft.key == null || draft.filter == null) {
      throw body.missing(draft.key == null ? "key" : "filter");
    }
    return new Condition.Nested(draft.key, draft.filter);
  }
}
