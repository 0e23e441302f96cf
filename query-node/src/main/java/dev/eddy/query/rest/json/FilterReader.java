package dev.eddy.query.rest.json;

import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.limit.Limit;
import dev.eddy.proto.mapping.FilterMessages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Filters: clauses of conditions. Unlike elsewhere, an unknown key is an error. */
public final class FilterReader {
  private FilterReader() {}

  /** Reads the filter of a request, that starts at the current token. */
  static Filter read(JsonBody body) throws IOException {
    Filter filter = inner(body);
    int depth = FilterMessages.depth(filter);
    if (depth > FilterMessages.DEPTH_MAX) {
      body.problem(
          Limit.FILTER_DEPTH,
          "filters nested %d deep invalid, must be at most %d"
              .formatted(depth, FilterMessages.DEPTH_MAX));
    }
    return filter;
  }

  /** A filter inside another. */
  static Filter inner(JsonBody body) throws IOException {
    Clauses clauses = new Clauses();
    body.object(
        "struct Filter",
        field -> {
          if (!clauses.read(field, body)) {
            throw body.malformedHere(
                "unknown field `"
                    + JsonBody.shortened(field)
                    + "`, expected one of `should`, `min_should`, `must`, `must_not`");
          }
        });
    return clauses.filter();
  }

  /** The clauses of a filter as they come. */
  static final class Clauses {
    private final List<Condition> must = new ArrayList<>();
    private final List<Condition> mustNot = new ArrayList<>();
    private @Nullable List<Condition> should;
    private Filter.@Nullable MinShould minShould;

    /** Takes a clause; false, and nothing is read, when the field is none. */
    boolean read(String field, JsonBody body) throws IOException {
      switch (field) {
        case "must" -> conditions(body, must);
        case "must_not" -> conditions(body, mustNot);
        case "should" -> {
          List<Condition> conditions = new ArrayList<>();
          conditions(body, conditions);
          should = conditions;
        }
        case "min_should" -> minShould = minShould(body);
        default -> {
          return false;
        }
      }
      return true;
    }

    Filter filter() {
      return new Filter(must, should, mustNot, minShould);
    }
  }

  private static void conditions(JsonBody body, List<Condition> into) throws IOException {
    into.clear();
    body.oneOrMany(() -> into.add(ConditionReader.read(body)));
  }

  private static Filter.MinShould minShould(JsonBody body) throws IOException {
    var draft =
        new Object() {
          @Nullable List<Condition> conditions;
          long minCount = -1;
        };
    body.object(
        "struct MinShould",
        field -> {
          switch (field) {
            case "conditions" -> {
              List<Condition> conditions = new ArrayList<>();
              body.array(() -> conditions.add(ConditionReader.read(body)));
              draft.conditions = conditions;
            }
            case "min_count" -> {
              draft.minCount = body.count();
              if (draft.minCount < 1) {
                body.problem("value 0 invalid, min_count must be greater than 0");
              }
            }
            default ->
                throw body.malformedHere(
                    "unknown field `"
                        + JsonBody.shortened(field)
                        + "`, expected `conditions` or `min_count`");
          }
        });
    if (draft.conditions == null) {
      throw body.missing("conditions");
    }
    if (draft.minCount < 0) {
      throw body.missing("min_count");
    }
    return new Filter.MinShould(
        draft.conditions, (int) Math.clamp(draft.minCount, 1, Integer.MAX_VALUE));
  }
}
