package dev.eddy.controller;

import dev.eddy.kafka.meta.KafkaClusterView;
import dev.eddy.model.cluster.NodeReport;
import java.time.Duration;
import java.util.List;

/** {@link Members} as this node's view has them. */
record ViewMembers(KafkaClusterView view) implements Members {
  @Override
  public List<NodeReport> live() {
    return view.liveNodes();
  }

  @Override
  public boolean readToEnd(Duration timeout) {
    return view.readNodesToEnd(timeout);
  }

  @Override
  public long observedNanos() {
    return view.observedNanos();
  }
}
