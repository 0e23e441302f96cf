package dev.eddy.query.world;

import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.QuotaConfig;
import dev.eddy.testkit.SetView;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A view that lags behind the truth until it is read to the end, when told so. */
public final class FakeView extends SetView {
  private final AtomicInteger readsToEnd = new AtomicInteger();
  private volatile ClusterState truth = ClusterState.EMPTY;
  private volatile boolean isStale;

  /** Changes the truth and this node's view of it. */
  @Override
  public void set(ClusterState state) {
    truth = state;
    super.set(state);
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

  public int readsToEnd() {
    return readsToEnd.get();
  }

  @Override
  public ClusterState readToEnd(Duration timeout) {
    readsToEnd.incrementAndGet();
    super.set(truth);
    return state();
  }

  @Override
  public ClusterState verified(Duration timeout) {
    return isStale ? readToEnd(timeout) : state();
  }
}
