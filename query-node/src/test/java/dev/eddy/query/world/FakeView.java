package dev.eddy.query.world;

import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.QuotaConfig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A view that lags behind the truth until it is read to the end, when told so. */
public final class FakeView implements ClusterView {
  private final CopyOnWriteArrayList<Consumer<ClusterState>> listeners =
      new CopyOnWriteArrayList<>();
  private final AtomicInteger readsToEnd = new AtomicInteger();
  private volatile ClusterState truth = ClusterState.EMPTY;
  private volatile ClusterState seen = ClusterState.EMPTY;
  private volatile boolean isStale;
  private volatile List<NodeReport> reports = List.of();

  /** Changes the truth and this node's view of it. */
  public void set(ClusterState state) {
    truth = state;
    see();
  }

  /** {@link #set} of other quotas. */
  public void quotas(QuotaConfig quotas) {
    ClusterState old = truth;
    set(
        new ClusterState(
            old.generations(),
            old.aliases(),
            old.placements(),
            old.counters(),
            old.leader(),
            old.notes(),
            quotas,
            old.position() + 1));
  }

  /** Changes the truth behind this node's back. */
  public void setUnseen(ClusterState state) {
    truth = state;
  }

  /** Whether the last read to the end is too long ago. */
  public void stale(boolean stale) {
    isStale = stale;
  }

  public void reports(List<NodeReport> live) {
    reports = List.copyOf(live);
  }

  public int readsToEnd() {
    return readsToEnd.get();
  }

  private void see() {
    seen = truth;
    listeners.forEach(listener -> listener.accept(seen));
  }

  @Override
  public ClusterState state() {
    return seen;
  }

  @Override
  public ClusterState readToEnd(Duration timeout) {
    readsToEnd.incrementAndGet();
    see();
    return seen;
  }

  @Override
  public ClusterState verified(Duration timeout) {
    return isStale ? readToEnd(timeout) : seen;
  }

  @Override
  public void onChange(Consumer<ClusterState> listener) {
    listeners.add(listener);
    listener.accept(seen);
  }

  @Override
  public List<NodeReport> liveNodes() {
    return reports;
  }
}
