package dev.eddy.model.usage;

import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * How the shards went about the filtered searches of one request that asks to be told. Runs {@link
 * #during} it; who searches asks for the {@link #current} one. Safe from any thread.
 */
public final class Explanation {
  /** What became of a plan in a shard. */
  public record ShardStep(int shard, FilterPlans.Step step) {}

  private static final ScopedValue<Explanation> CURRENT = ScopedValue.newInstance();

  private final Queue<ShardStep> steps = new ConcurrentLinkedQueue<>();

  /** That of the request which this thread works for, if it is to be explained. */
  public static Optional<Explanation> current() {
    return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
  }

  /** Adds steps in their order. */
  public void add(int shard, List<FilterPlans.Step> more) {
    more.forEach(step -> steps.add(new ShardStep(shard, step)));
  }

  /** So far; those of one shard in their order. */
  public List<ShardStep> steps() {
    return List.copyOf(steps);
  }

  /** Runs work that is explained here. */
  public <T> T during(Supplier<T> work) {
    return ScopedValue.where(CURRENT, this).call(work::get);
  }

  /** The task, which on whatever thread works for the request that hands it over. */
  public static Runnable carried(Runnable task) {
    if (!CURRENT.isBound()) {
      return task;
    }
    ScopedValue.Carrier carrier = ScopedValue.where(CURRENT, CURRENT.get());
    return () -> carrier.run(task);
  }
}
