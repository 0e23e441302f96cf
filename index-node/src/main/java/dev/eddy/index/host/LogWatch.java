package dev.eddy.index.host;

import dev.eddy.kafka.log.LogPartition;
import dev.eddy.model.shard.ShardId;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a shard has to know of its log besides the records: where it ended when the state was
 * opened, which has to be applied before the shard serves, and whether it is still there.
 *
 * <p>Threading: changed on the shard's lane; questions are safe from any thread.
 */
final class LogWatch {
  private static final Logger LOG = LoggerFactory.getLogger(LogWatch.class);

  /** Genesis takes the first offset: below this there is nothing to serve. */
  private static final long SERVABLE_POSITION = 1;

  private static final long UNKNOWN = -1;

  /** Before the log's end is asked for again. */
  private static final long END_RETRY_NANOS = 1_000_000_000L;

  /** A dropped collection's log goes before every node knows of the drop: no alarm so soon. */
  private static final long DROP_GRACE_NANOS = 10_000_000_000L;

  private final ShardId id;
  private final LogPartition log;
  private final HostEnvironment host;
  private final Consumer<Runnable> lane;

  private volatile long servingFloor = UNKNOWN;
  private volatile long goneNanos = UNKNOWN;
  private long askedNanos;

  /** Which opening the answers are for. */
  private long opening;

  /**
   * A watch that nothing was asked of yet.
   *
   * @param lane runs a step on the shard's lane
   */
  LogWatch(ShardId id, LogPartition log, HostEnvironment host, Consumer<Runnable> lane) {
    this.id = id;
    this.log = log;
    this.host = host;
    this.lane = lane;
  }

  private long now() {
    return host.nanoClock().getAsLong();
  }

  /** A state was opened: the log's end of now is to be reached. */
  void begin() {
    forget();
    goneNanos = UNKNOWN;
    ask();
  }

  /** Answers that are under way are for nobody. */
  void forget() {
    opening++;
    servingFloor = UNKNOWN;
  }

  private void ask() {
    askedNanos = now();
    long asking = opening;
    var _ =
        host.tailer()
            .endOffset(log)
            .whenComplete((end, problem) -> {
              if (problem != null) {
                LOG.warn("event=log-end-unknown shard={} cause={}", id, String.valueOf(problem));
              } else {
                lane.accept(() -> answered(asking, end));
              }
            });
  }

  private void answered(long asked, long end) {
    if (asked == opening && servingFloor == UNKNOWN) {
      servingFloor = Math.max(end, SERVABLE_POSITION);
    }
  }

  /** Asks again when there was no answer for a while. */
  void tend() {
    if (servingFloor == UNKNOWN && now() - askedNanos >= END_RETRY_NANOS) {
      ask();
    }
  }

  boolean isEndKnown() {
    return servingFloor != UNKNOWN;
  }

  /** Whether everything was applied that the log had when the state was opened. */
  boolean isCaughtUp(long position) {
    long floor = servingFloor;
    return floor != UNKNOWN && position >= floor;
  }

  /** The log topic was deleted. */
  void gone() {
    if (goneNanos == UNKNOWN) {
      goneNanos = now();
      LOG.info("event=log-gone shard={} log={} topic_id={}", id, log, log.topicId());
    }
  }

  boolean isGoneForLong(long nowNanos) {
    long since = goneNanos;
    return since != UNKNOWN && nowNanos - since >= DROP_GRACE_NANOS;
  }
}
