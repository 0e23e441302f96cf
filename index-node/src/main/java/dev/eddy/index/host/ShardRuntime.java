package dev.eddy.index.host;

import dev.eddy.kafka.log.LogPartition;
import dev.eddy.model.cluster.NodeReport.ShardReport;
import dev.eddy.model.error.Excerpt;
import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.usage.PlanTally;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * One hosted shard as the rest of the node sees it: where it is, what it answers, how to stop it.
 *
 * <p>Threading: safe from any thread.
 *
 * <p>It does not decide which shards are hosted, see {@link ShardManager}, nor how one gets from
 * state to state, see {@link ShardLife}.
 */
public final class ShardRuntime {
  /** What becomes of the state on disk. */
  enum Ending {
    KEEP,
    DISCARD
  }

  /** Characters: a report goes out every second and holds many shards. */
  private static final int REPORTED_PROBLEM_MAX = 300;

  private final ShardId id;
  private final LogPartition log;
  private final HostEnvironment host;
  private final ShardLife life;
  private final PlanTally plans = new PlanTally();
  private final SearchPace pace = new SearchPace();

  ShardRuntime(ShardId id, LogPartition log, HostEnvironment host, ShardWorkers workers) {
    this.id = id;
    this.log = log;
    this.host = host;
    this.life = new ShardLife(id, log, host, workers);
  }

  public ShardId id() {
    return id;
  }

  public LogPartition log() {
    return log;
  }

  /** How its filtered searches went since this node hosts it. */
  public PlanTally plans() {
    return plans;
  }

  /** How long its searches take. */
  public SearchPace pace() {
    return pace;
  }

  public ShardState state() {
    return life.state();
  }

  /** Published position: everything below it is in every new lease. */
  public long position() {
    return life.vitals().gate().position();
  }

  /**
   * Waits until the published position is at least the wanted one, also while replaying.
   *
   * @throws ShardException STALE, NOT_HOSTED, FAILED or OVERLOADED
   */
  public long awaitPosition(long atLeast, Duration timeout) {
    return life.vitals().gate().await(atLeast, timeout);
  }

  /**
   * Does nothing while serving.
   *
   * @throws ShardException otherwise, with the reason
   */
  public void requireServing() {
    var _ = life.serving();
  }

  /**
   * Borrows the newest published state.
   *
   * @throws ShardException unless serving
   */
  public ReadLease lease() {
    return life.serving().handle().lease();
  }

  /**
   * Runs something short on the fold, also while replaying.
   *
   * @throws ShardException when no state is open
   */
  public <T> T read(Function<ShardFold, T> reader) {
    OpenShard shard = life.open();
    if (shard == null) {
      throw life.unready();
    }
    return shard.handle().use(reader);
  }

  /** Numbers of the published state; empty when none is open. */
  public Optional<ShardFold.Stats> stats() {
    return told(shard -> Optional.of(shard.handle().use(ShardFold::stats)));
  }

  /** End of the log as far as this node knows, never below the published position. */
  public long logEnd() {
    OpenShard shard = life.open();
    long received = shard == null ? 0 : shard.receivedPosition();
    long end = host.tailer().cachedEndOffset(log).orElse(0);
    return Math.max(Math.max(end, received), position());
  }

  /** Milliseconds of log time by which the published state is behind; 0 at the log's end. */
  public long staleMs() {
    ShardVitals now = life.vitals();
    return now.staleness().staleMs(now.gate().position(), logEnd(), now());
  }

  /** Nanoseconds since the last checkpoint was written, or the state was opened. */
  public long checkpointAgeNanos() {
    OpenShard shard = life.open();
    return shard == null ? 0 : now() - shard.checkpoints().writtenNanos();
  }

  /** What can't be done for now, such as writing a checkpoint; the shard serves meanwhile. */
  public Optional<String> problem() {
    return told(OpenShard::problem);
  }

  /** What is only put off until there is memory for it: nothing is wrong. */
  public Optional<String> delay() {
    return told(OpenShard::delay);
  }

  private <T> Optional<T> told(Function<OpenShard, Optional<T>> question) {
    OpenShard shard = life.open();
    try {
      return shard == null ? Optional.empty() : question.apply(shard);
    } catch (ShardException _) {
      return Optional.empty(); // It is being closed.
    }
  }

  /** What this node tells the others of the shard. */
  public ShardReport report() {
    Optional<ShardFold.Summary> summary =
        told(shard -> Optional.of(shard.handle().use(ShardFold::summary)));
    long position = summary.map(ShardFold.Summary::position).orElse(position());
    return new ShardReport(
        id,
        state().name(),
        position,
        Math.max(position, logEnd()),
        staleMs(),
        summary.map(ShardFold.Summary::points).orElse(0L),
        summary.map(ShardFold.Summary::contentHash).orElse(""),
        life.vitals().chains().list(now()),
        failureReason()
            .or(this::problem)
            .or(this::delay)
            .map(problem -> Excerpt.of(problem, REPORTED_PROBLEM_MAX))
            .orElse(null));
  }

  /** What waits to be applied. */
  public long mailboxBytes() {
    OpenShard shard = life.open();
    return shard == null ? 0 : shard.mailbox().heldBytes();
  }

  /** Why it failed; empty unless FAILED. */
  public Optional<String> failureReason() {
    return life.failureReason();
  }

  void start() {
    life.start();
  }

  /** Looks for time-driven work; cheap when there is none. */
  void tick() {
    staleMs();
    life.tick();
  }

  /**
   * Stops hosting: waiters fail at once, leases are waited for, then the state is closed and kept
   * or discarded.
   *
   * @return done when nothing of the shard is open any more; never fails
   */
  CompletableFuture<Void> close(Ending ending) {
    return life.close(ending);
  }

  private long now() {
    return host.nanoClock().getAsLong();
  }
}
