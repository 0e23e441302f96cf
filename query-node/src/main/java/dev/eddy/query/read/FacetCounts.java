package dev.eddy.query.read;

import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonBoolean;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonString;
import dev.eddy.model.query.FacetHit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The order of facets. Stateless. */
final class FacetCounts {
  private FacetCounts() {}

  /** The most frequent values, of equal counts the smaller ones. */
  static List<FacetHit> most(Map<JsonValue, Long> counts, int limit) {
    return counts.entrySet().stream()
        .map(entry -> new FacetHit(entry.getKey(), entry.getValue()))
        .sorted(
            Comparator.comparingLong(FacetHit::count)
                .reversed()
                .thenComparing(FacetHit::value, FacetCounts::compare))
        .limit(limit)
        .toList();
  }

  private static int compare(JsonValue a, JsonValue b) {
    return switch (a) {
      case JsonLong(long mine) when b instanceof JsonLong(long theirs) ->
          Long.compare(mine, theirs);
      case JsonBoolean(boolean mine) when b instanceof JsonBoolean(boolean theirs) ->
          Boolean.compare(mine, theirs);
      // Java's chars are in another order than UTF-8 bytes.
      case JsonString(String mine) when b instanceof JsonString(String theirs) ->
          Arrays.compare(mine.codePoints().toArray(), theirs.codePoints().toArray());
      default -> throw new IllegalStateException("values of one field of two kinds");
    };
  }
}
