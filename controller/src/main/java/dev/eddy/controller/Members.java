package dev.eddy.controller;

import dev.eddy.model.cluster.NodeReport;
import java.time.Duration;
import java.util.List;

/** The other nodes, as their reports tell. Safe from any thread. */
interface Members {
  /** The last report of every node that was not silent for 3 s. */
  List<NodeReport> live();

  /** Whether every report that was acknowledged before the call was read in time. */
  boolean readToEnd(Duration timeout);

  /** Nanoseconds spent reading reports: the clock by which silence is measured. */
  long observedNanos();
}
