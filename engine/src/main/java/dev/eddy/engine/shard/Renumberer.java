package dev.eddy.engine.shard;

import dev.eddy.engine.format.BackgroundTrouble;
import dev.eddy.engine.points.SlotTable;
import dev.eddy.engine.segment.MemoryBudget;
import dev.eddy.model.shard.ShardId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a shard's points get slots anew, from 0 on, when many more were given than there are points:
 * slots are numbers that run out, and what is kept by slot grows with them. Done beside everything
 * else, while the node has memory for the shard a second time.
 *
 * <p>Owned by the writer.
 */
final class Renumberer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Renumberer.class);

  /** Vectors that wait for links in the first minute; from minute to minute it may be more. */
  private static final int UNLINKED_MOST = 1_024;

  private static final long MINUTE_NANOS = 60_000_000_000L;

  private final ShardId id;
  private final StateMaker states;
  private final StateHomes homes;
  private final Checkpointer checkpointer;
  private final MemoryBudget memory;
  private final LongSupplier nanoClock;
  private final RenumberingRule rule;
  private final BackgroundTrouble trouble;
  private @Nullable Run run;
  private boolean isWaitingForMemory;

  /**
   * One that is under way.
   *
   * @param reservedBytes of the node's memory, given back at the end
   */
  private record Run(
      Renumbering renumbering, ShardState to, Path home, long reservedBytes, long beginNanos) {}

  Renumberer(
      ShardId id,
      StateMaker states,
      StateHomes homes,
      Checkpointer checkpointer,
      EngineResources resources,
      ShardSettings settings) {
    this.id = id;
    this.states = states;
    this.homes = homes;
    this.checkpointer = checkpointer;
    this.memory = resources.memory();
    this.nanoClock = resources.buildPool().nanoClock();
    this.rule = settings.renumbering();
    this.trouble = new BackgroundTrouble(id.toString(), "giving points new slots", nanoClock);
  }

  private boolean isDue(ShardState state) {
    SlotTable slots = state.points().slots();
    return rule.isDue(slots.slots(), slots.points())
        && state.shape() != null
        && !state.points().indexes().isReading(); // What is not counted yet can't be compared.
  }

  /** Whether there is something to do that {@link #step} goes on with. */
  boolean isBusy() {
    return run != null;
  }

  /** Why it does not succeed for now. */
  Optional<String> problem() {
    return trouble.reason();
  }

  /** What it waits for. */
  Optional<String> delay() {
    return isWaitingForMemory
        ? Optional.of("new slots for points wait for memory to hold the shard twice")
        : Optional.empty();
  }

  /**
   * Goes on for a moment, or begins when it is time.
   *
   * @param state the shard's present one
   * @return the state that is to take its place from now on, which has everything the present one
   *     has; null = none yet. {@link #took} is to be told
   */
  @Nullable ShardState step(ShardState state) {
    homes.sweep();
    try {
      if (run == null) {
        isWaitingForMemory = false;
        if (isDue(state) && state.isWritable() && trouble.mayTry()) {
          begin(state);
        }
      }
      return run == null ? null : goOn(run, state);
    } catch (IOException | RuntimeException e) {
      trouble.happened(e);
      abandon();
      return null;
    }
  }

  private void begin(ShardState state) throws IOException {
    int slots = state.points().slots().slots();
    long bytes = rule.isUrgent(slots) ? 0 : state.vectorStats().memory().heapBytes();
    isWaitingForMemory = bytes > 0 && !memory.tryTake(bytes);
    if (isWaitingForMemory) {
      return;
    }
    try {
      Path home = homes.next();
      ShardState to = states.successor(state, home);
      Renumbering renumbering = new Renumbering(state, to, nanoClock);
      run = new Run(renumbering, to, home, bytes, nanoClock.getAsLong());
    } catch (IOException | RuntimeException e) {
      memory.giveBack(bytes);
      throw e;
    }
    log.info(
        "event=renumbering-begun shard={} slots={} points={}",
        id,
        slots,
        state.points().slots().points());
  }

  private @Nullable ShardState goOn(Run current, ShardState state) {
    long minutes = 1 + (nanoClock.getAsLong() - current.beginNanos()) / MINUTE_NANOS;
    boolean isComplete =
        current.renumbering().advance(minutes * rule.sliceNanos(), minutes * UNLINKED_MOST);
    if (!isComplete || checkpointer.isUnderway() || !state.isWritable()) {
      return null;
    }
    return current.renumbering().take();
  }

  /** The shard goes on with the state that was returned, and closes the former one. */
  void took(ShardState former) {
    Run ended = run;
    if (ended == null) {
      throw new IllegalStateException("no state was given");
    }
    run = null;
    trouble.over();
    checkpointer.forgetTables();
    homes.moved(ended.home(), former.points().store());
    memory.giveBack(ended.reservedBytes());
    log.info(
        "event=renumbering-done shard={} slots={} before={} millis={}",
        id,
        ended.to().points().slots().slots(),
        former.points().slots().slots(),
        (nanoClock.getAsLong() - ended.beginNanos()) / 1_000_000);
  }

  /** Gives up what is under way: the collection's configuration changes, or it failed. */
  void abandon() {
    Run ended = run;
    if (ended != null) {
      run = null;
      ended.renumbering().close();
      homes.givenUp(ended.home(), ended.to().points().store());
      memory.giveBack(ended.reservedBytes());
      log.info("event=renumbering-given-up shard={} percent={}", id, ended.renumbering().percent());
    }
  }

  @Override
  public void close() {
    abandon();
  }
}
