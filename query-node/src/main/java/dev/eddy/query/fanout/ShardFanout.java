package dev.eddy.query.fanout;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.answer.AnswerMeter;
import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardService;
import dev.eddy.model.shard.ShardService.Bounds;
import dev.eddy.query.fanout.ReplicaChooser.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/**
 * Calls shards, each at one usable replica, with a second replica for the failing and the slow. A
 * shard that cannot be asked fails the call: there is no answer from a part.
 *
 * <p>Safe from any thread; blocks its (virtual) thread.
 */
public final class ShardFanout {

  /** One question to one shard. Must be repeatable. */
  @FunctionalInterface
  public interface ShardCall<T> {
    T on(ShardService service, Bounds bounds);
  }

  /**
   * An answer and who gave it, for a second trip.
   *
   * @param shard number in the collection
   */
  public record Answered<T>(int shard, T value, ShardService service) {}

  private static final long BACKOFF_FIRST_MS = 2;
  private static final long BACKOFF_MAX_MS = 50;

  /** In the long run one call in so many is hedged early, so that overload is not doubled. */
  private static final long CALLS_PER_HEDGE = 10;

  private static final long HEDGE_CREDIT_MAX = 1_000;

  private final ClusterView view;
  private final ReplicaChooser chooser;
  private final FanoutSettings settings;
  private final LongSupplier nanoClock;
  private final ExecutorService threads;
  private final AtomicLong hedgeCredit = new AtomicLong(HEDGE_CREDIT_MAX);

  /**
   * Creates one.
   *
   * @param nanoClock monotonic, in nanoseconds
   * @param threads a virtual thread per task; not closed here
   */
  public ShardFanout(
      ClusterView view,
      ShardDirectory directory,
      FanoutSettings settings,
      LongSupplier nanoClock,
      ExecutorService threads) {
    this.view = requireNonNull(view, "view");
    this.settings = requireNonNull(settings, "settings");
    this.nanoClock = requireNonNull(nanoClock, "nanoClock");
    this.threads = requireNonNull(threads, "threads");
    chooser = new ReplicaChooser(directory, nanoClock);
  }

  /**
   * Asks one shard.
   *
   * @param discard gets the answer of a replica that came too late, to free what it holds
   * @throws EddyException UNAVAILABLE, TIMEOUT, OVERLOADED, NOT_FOUND when the collection is
   *     dropped meanwhile, or what the shard says of the request
   */
  public <T> Answered<T> call(
      ReadScope scope, int shard, ShardCall<T> call, Consumer<Answered<T>> discard) {
    Generation generation = scope.generation();
    Deadline grace = Deadline.after(settings.grace(), nanoClock);
    long backoffMs = BACKOFF_FIRST_MS;
    ShardException last = null;
    while (true) {
      ClusterState state = view.state();
      List<Candidate> ranked = chooser.rank(state, generation, shard);
      if (!ranked.isEmpty()) {
        try {
          return counted(ask(scope, shard, ranked, call, discard), discard);
        } catch (ShardException e) {
          last = e;
          if (!e.isRetryable() || e.reason() == ShardException.Reason.STALE) {
            throw ShardFailures.translate(generation, shard, e);
          }
        }
      }
      if (!Generations.isActive(state, generation)) {
        throw Generations.missing(generation.name());
      }
      if (grace.isPast() || scope.deadline().isPast()) {
        throw ShardFailures.noReplica(generation, shard, last);
      }
      Waits.pause(backoffMs);
      backoffMs = Math.min(backoffMs * 2, BACKOFF_MAX_MS);
    }
  }

  private static <T> Answered<T> counted(Answered<T> answer, Consumer<Answered<T>> discard) {
    try {
      AnswerMeter.count(AnswerBytes.of(answer.value()));
    } catch (EddyException e) {
      discard.accept(answer);
      throw e;
    }
    return answer;
  }

  /** {@link #call} of a question whose answer holds nothing. */
  public <T> Answered<T> call(ReadScope scope, int shard, ShardCall<T> call) {
    return call(scope, shard, call, ignored -> {});
  }

  /**
   * Asks several shards at once; in the order of {@code shards}. The first failure fails all.
   *
   * @param shards not empty
   */
  public <T> List<Answered<T>> callEach(
      ReadScope scope,
      List<Integer> shards,
      IntFunction<ShardCall<T>> calls,
      Consumer<Answered<T>> discard) {
    if (shards.size() == 1) {
      int shard = shards.getFirst();
      return List.of(call(scope, shard, calls.apply(shard), discard));
    }
    List<Future<Answered<T>>> futures = new ArrayList<>(shards.size());
    for (int shard : shards) {
      futures.add(threads.submit(() -> call(scope, shard, calls.apply(shard), discard)));
    }
    List<Answered<T>> answers = new ArrayList<>(shards.size());
    RuntimeException failure = null;
    for (Future<Answered<T>> future : futures) {
      try {
        if (failure == null) {
          answers.add(Waits.join(future));
        } else if (!future.cancel(true)) {
          discard.accept(Waits.join(future));
        }
      } catch (RuntimeException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      answers.forEach(discard);
      throw failure;
    }
    return answers;
  }

  /** All shard numbers of a scope. */
  public static List<Integer> allShards(ReadScope scope) {
    List<Integer> shards = new ArrayList<>(scope.shardCount());
    for (int shard = 0; shard < scope.shardCount(); shard++) {
      shards.add(shard);
    }
    return shards;
  }

  private <T> Answered<T> ask(
      ReadScope scope,
      int shard,
      List<Candidate> ranked,
      ShardCall<T> call,
      Consumer<Answered<T>> discard) {
    if (ranked.size() == 1) {
      Candidate only = ranked.getFirst();
      return new Answered<>(shard, attempt(scope, shard, only, call), only.service());
    }
    hedgeCredit.updateAndGet(credit -> Math.min(credit + 1, HEDGE_CREDIT_MAX));
    ReplicaRace<T> race =
        new ReplicaRace<>(
            candidate -> attempt(scope, shard, candidate, call),
            late -> discard.accept(new Answered<>(shard, late.value(), late.by().service())),
            threads);
    ReplicaRace.Winner<T> winner =
        race.run(ranked, settings.hedgeAfter().toNanos(), this::spendHedge, scope.deadline());
    return new Answered<>(shard, winner.value(), winner.by().service());
  }

  private boolean spendHedge() {
    long before =
        hedgeCredit.getAndUpdate(
            credit -> credit >= CALLS_PER_HEDGE ? credit - CALLS_PER_HEDGE : credit);
    return before >= CALLS_PER_HEDGE;
  }

  private <T> T attempt(ReadScope scope, int shard, Candidate candidate, ShardCall<T> call) {
    long started = nanoClock.getAsLong();
    candidate.load().started();
    try {
      return call.on(candidate.service(), scope.bounds(shard));
    } catch (ShardException e) {
      boolean isSilent =
          e.reason() == ShardException.Reason.UNREACHABLE
              || e.reason() == ShardException.Reason.TIMEOUT;
      // The loser of a race is interrupted, which says nothing about its node.
      if (isSilent && !Thread.currentThread().isInterrupted()) {
        candidate.load().suspect(settings.suspectFor().toNanos());
      }
      throw e;
    } finally {
      candidate.load().ended(nanoClock.getAsLong() - started);
    }
  }
}
