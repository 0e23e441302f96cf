package dev.eddy.engine.search;

import dev.eddy.engine.graph.HopLimits;
import dev.eddy.engine.graph.WalkLimits;
import dev.eddy.model.usage.FilterPlans.Plan;

/** A way to find the nearest of the points that match a filter. */
sealed interface FilterPlan {
  /** All matching points are scored: exact. */
  record ScanMatches() implements FilterPlan {}

  /** All matching points are estimated by their sketches, and the best scored. */
  record ScanSketches() implements FilterPlan {}

  /** All matching points are estimated by their own codes, and the best read and scored. */
  record ScanOwnCodes() implements FilterPlan {}

  /**
   * All points are estimated by blocks of codes, and the best that match scored.
   *
   * @param tests points that may be asked for their match
   */
  record ScanCodes(long tests) implements FilterPlan {}

  /** The graph is walked as if there were no filter; only matching points become hits. */
  record Walk(WalkLimits limits) implements FilterPlan {}

  /**
   * The graph is walked from one matching point to the next.
   *
   * @param ef beam, wider than that of a walk: two hops pass by some points that a walk meets
   */
  record TwoHop(int ef, HopLimits limits) implements FilterPlan {}

  /** Whether it is left to the end, and then done in all segments together. */
  default boolean isScanOfMatches() {
    return this instanceof ScanMatches
        || this instanceof ScanSketches
        || this instanceof ScanOwnCodes;
  }

  /** What it is called where it is counted. */
  default Plan kind() {
    return switch (this) {
      case ScanMatches _ -> Plan.SCAN_MATCHES;
      case ScanSketches _ -> Plan.SCAN_SKETCHES;
      case ScanOwnCodes _ -> Plan.SCAN_OWN_CODES;
      case ScanCodes _ -> Plan.SCAN_CODES;
      case Walk _ -> Plan.WALK;
      case TwoHop _ -> Plan.TWO_HOP;
    };
  }
}
