package dev.eddy.kafka.meta;

import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.ShardReport;
import java.time.Duration;
import java.util.Set;

/**
 * How soon after a report a change may bring about the next one: at once, unless many shards are
 * being opened. Then each of them changes several times, every report tells of all of them, and
 * nobody waits for a certain one.
 */
final class ReportPace {
  /** Shards being opened that are no crowd yet. */
  static final int OPENING_FEW_MAX = 16;

  static final Duration PAUSE = Duration.ofMillis(250);

  private static final Set<String> OPENING = Set.of("RESTORING", "REPLAYING");

  private ReportPace() {}

  /** Between the beginning of this report and that of the next one. */
  static Duration pauseAfter(NodeReport report) {
    int opening = 0;
    for (ShardReport shard : report.shards()) {
      opening += OPENING.contains(shard.state()) ? 1 : 0;
    }
    return opening > OPENING_FEW_MAX ? PAUSE : Duration.ZERO;
  }
}
