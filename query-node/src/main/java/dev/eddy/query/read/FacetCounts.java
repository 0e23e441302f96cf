package dev.eddy.query.read;

import dev.eddy.model.json.JsonValue;
import dev.eddy.model.query.FacetHit;
import java.util.List;
import java.util.Map;

/** The order of facets. Stateless. */
final class FacetCounts {
  private FacetCounts() {}

  /** The most frequent values, of equal counts the smaller ones. */
  static List<FacetHit> most(Map<JsonValue, Long> counts, int limit) {
    return counts.entrySet().stream()
        .map(entry -> new FacetHit(entry.getKey(), entry.getValue()))
        .sorted(FacetHit.MOST_FIRST)
        .limit(limit)
        .toList();
  }
}
