package dev.eddy.testkit;

import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.NodeReport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Metadata as a test sets it; changes reach listeners at once, on the test's thread. Not final: the
 * tests of a module add what their metadata is about. Safe from any thread.
 */
public class SetView implements ClusterView {
  private final List<Consumer<ClusterState>> listeners = new CopyOnWriteArrayList<>();
  private volatile ClusterState state = ClusterState.EMPTY;
  private volatile List<NodeReport> reports = List.of();

  /** Changes what this view knows. */
  public void set(ClusterState changed) {
    state = changed;
    listeners.forEach(listener -> listener.accept(changed));
  }

  /** Replaces the nodes that are alive by what they say of themselves. */
  public void reports(List<NodeReport> live) {
    reports = List.copyOf(live);
  }

  @Override
  public ClusterState state() {
    return state;
  }

  @Override
  public ClusterState readToEnd(Duration timeout) {
    return state();
  }

  @Override
  public ClusterState verified(Duration timeout) {
    return state();
  }

  @Override
  public void onChange(Consumer<ClusterState> listener) {
    listeners.add(listener);
    listener.accept(state());
  }

  @Override
  public List<NodeReport> liveNodes() {
    return reports;
  }
}
