package dev.eddy.engine.shard;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A second state of a shard, which takes over the points of the first, some at a time and in the
 * order of their slots, and follows what happens to those it has: so it has the same points, in the
 * same order, under slots without gaps.
 *
 * <p>Owned by the writer. Between two calls the first state may be changed in any way but for the
 * collection's configuration.
 */
final class Renumbering implements PointWriter.Follower, AutoCloseable {
  /** Points between two looks at the clock and at what waits for links. */
  private static final int POINTS_AT_ONCE = 32;

  private final ShardState from;
  private final ShardState to;
  private final LongSupplier nanoClock;

  /** Live slots of the first state below this one are in the second. */
  private int next;

  private @Nullable RuntimeException failure;

  /** Begins to follow the first state; closes the second when it is closed itself. */
  Renumbering(ShardState from, ShardState to, LongSupplier nanoClock) {
    this.from = from;
    this.to = to;
    this.nanoClock = nanoClock;
    from.points().tell(this);
  }

  /**
   * Takes over points for a time, or until too many of them wait to be linked.
   *
   * @param nanos for which it may go on
   * @param unlinkedMost vectors that may wait
   * @return whether the second state has all points, with no more than so many waiting
   * @throws RuntimeException when it can't be had
   */
  boolean advance(long nanos, long unlinkedMost) {
    if (failure != null) {
      throw failure;
    }
    boolean _ = to.maintain();
    long begin = nanoClock.getAsLong();
    var live = from.points().slots().freeze().live();
    while (to.vectorStats().unlinkedRows() <= unlinkedMost) {
      for (int i = 0; i < POINTS_AT_ONCE; i++) {
        int slot = live.next(next);
        if (slot < 0) {
          next = live.slots();
          return to.isWritable();
        }
        to.points().takeOver(from.points(), slot);
        next = slot + 1;
      }
      if (nanoClock.getAsLong() - begin >= nanos) {
        break;
      }
    }
    if (!to.isWritable()) {
      throw new IllegalStateException(to.problem().orElse("the disk takes no payloads"));
    }
    return false;
  }

  /** Part of the slots that are gone through, in percent. */
  int percent() {
    return (int) (100L * next / Math.max(1, from.points().slots().slots()));
  }

  @Override
  public void dies(int slot) {
    follow(slot, () -> to.points().delete(ownSlot(slot)));
  }

  @Override
  public void changed(int slot) {
    follow(
        slot,
        () ->
            to.points()
                .setPayload(
                    ownSlot(slot),
                    from.points().payload(slot),
                    from.points().slots().versionOf(slot)));
  }

  private int ownSlot(int slot) {
    return to.points().slots().slotOf(from.points().slots().idOf(slot));
  }

  /** What goes wrong here must not stop the first state. */
  private void follow(int slot, Runnable change) {
    if (slot >= next || failure != null) {
      return;
    }
    try {
      change.run();
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  /**
   * The second state, as of the first one's position, to be used from now on in its place; the
   * first is not followed any more. Call it only behind an {@link #advance} that returned true,
   * with nothing between.
   *
   * @throws IllegalStateException when they are not equal
   */
  ShardState take() {
    String expected = from.points().slots().contentHash().hex();
    String found = to.points().slots().contentHash().hex();
    var points = to.points().indexes().points();
    if (!expected.equals(found) || !points.equals(from.points().indexes().points())) {
      throw new IllegalStateException(
          "points under new slots have hash %s and fields %s, not %s and %s"
              .formatted(found, points, expected, from.points().indexes().points()));
    }
    to.advance(from.position(), from.leaderEpoch());
    from.points().tell(null);
    return to;
  }

  /** Gives the second state up. */
  @Override
  public void close() {
    from.points().tell(null);
    to.close();
  }
}
