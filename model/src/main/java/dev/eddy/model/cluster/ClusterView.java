package dev.eddy.model.cluster;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** This node's view of metadata and of the other nodes. Safe from any thread. */
public interface ClusterView {
  /** The newest state this node knows; never blocks. */
  ClusterState state();

  /**
   * The state after reading the metadata topic to the end that it had when the call came.
   *
   * @throws dev.eddy.model.error.EddyException UNAVAILABLE when that does not succeed in time
   */
  ClusterState readToEnd(Duration timeout);

  /**
   * The state, read to the end first when the last read-to-end is older than the bound (2 s,
   * monotonic clock).
   */
  ClusterState verified(Duration timeout);

  /**
   * Calls back after every change, in order, on the view's own thread; also once at once with the
   * current state.
   */
  void onChange(Consumer<ClusterState> listener);

  /** Last report of every node that reported within the last 3 s. */
  List<NodeReport> liveNodes();
}
