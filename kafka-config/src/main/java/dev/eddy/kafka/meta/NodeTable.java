package dev.eddy.kafka.meta;

import dev.eddy.model.cluster.NodeReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Who reported when, measured in <em>observed</em> time: the time during which this node was indeed
 * reading reports. A node that was stopped for a minute has not observed that minute, so on waking
 * up it does not take everybody else for silent. Safe from any thread.
 */
final class NodeTable {
  /** A node that was silent for so long is not alive. */
  static final Duration SILENCE = Duration.ofSeconds(3);

  /** One look at the topic counts for no more than this. */
  private static final long LOOK_MAX_NANOS = Duration.ofMillis(400).toNanos();

  private record Received(NodeReport report, long observedNanos) {}

  private final Map<String, Received> byNode = new HashMap<>(); // guarded by this
  private long observedNanos; // guarded by this

  /** Nothing was waiting to be read, for so long. */
  synchronized void observed(long nanos) {
    observedNanos += Math.clamp(nanos, 0, LOOK_MAX_NANOS);
  }

  /** Takes a report; one of an earlier incarnation of its node is ignored. */
  synchronized void received(NodeReport report) {
    Received known = byNode.get(report.nodeId());
    if (known == null || known.report().incarnation() <= report.incarnation()) {
      byNode.put(report.nodeId(), new Received(report, observedNanos));
    }
  }

  /** Last report of every live node, by node id. */
  synchronized List<NodeReport> live() {
    List<NodeReport> live = new ArrayList<>();
    byNode
        .values()
        .forEach(received -> {
          if (observedNanos - received.observedNanos() < SILENCE.toNanos()) {
            live.add(received.report());
          }
        });
    live.sort(Comparator.comparing(NodeReport::nodeId));
    return List.copyOf(live);
  }

  /** The newest incarnation of a node that ever reported. */
  synchronized OptionalLong incarnation(String nodeId) {
    Received known = byNode.get(nodeId);
    return known == null ? OptionalLong.empty() : OptionalLong.of(known.report().incarnation());
  }

  /** Time spent reading, in nanoseconds. */
  synchronized long observedNanos() {
    return observedNanos;
  }
}
