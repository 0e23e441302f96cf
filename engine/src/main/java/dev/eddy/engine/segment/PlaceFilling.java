package dev.eddy.engine.segment;

import dev.eddy.engine.graph.HeapLinks;
import dev.eddy.engine.graph.HeapRows;
import dev.eddy.engine.graph.LinkFiller;
import dev.eddy.engine.graph.NeighborBlocks;
import dev.eddy.engine.graph.NeighborFiller;
import dev.eddy.engine.graph.NodeFiller;
import dev.eddy.engine.graph.SearchScratch;
import dev.eddy.engine.kernel.Metric;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills what links leave empty in a growing segment, at rest: the slots of fused codes where it has
 * them, else the places of its links. Searches are faster for it, and nobody waits for it.
 *
 * <p>Threading: {@link #maintain} and {@link #isFilled} by the writer; the rest from any thread.
 */
final class PlaceFilling {
  private static final Logger log = LoggerFactory.getLogger(PlaceFilling.class);

  /** Places are filled again when there are more rows by this part. */
  private static final int GROWTH_DIVISOR = 16;

  /** Places are filled once no row has come for so long: beside a stream it would be undone. */
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final int TURN_NODES = 64;

  private final BuildPool pool;
  private final Metric metric;
  private final HeapRows rows;
  private final HeapLinks links;
  private final Runnable onLinksFilled;
  private final AtomicInteger fillers = new AtomicInteger();
  private int quietRows;
  private long quietSinceNanos;

  /** What is being filled, or was: these blocks, or the links when null. */
  private volatile @Nullable NeighborBlocks target;

  /** Rows there were when places were filled; 0 = they are to be filled anew. */
  private volatile int filledRows;

  private volatile boolean isStopped;

  /** The last argument is told that places of links have been filled, from the pool's threads. */
  PlaceFilling(
      Metric metric, BuildPool pool, HeapRows rows, HeapLinks links, Runnable onLinksFilled) {
    this.metric = metric;
    this.pool = pool;
    this.rows = rows;
    this.links = links;
    this.onLinksFilled = onLinksFilled;
  }

  /**
   * Starts what is due.
   *
   * @param unlinkedRows rows that wait for linking, which comes first
   * @param blocks of the fused codes that searches walk; null = they walk the links
   */
  void maintain(int unlinkedRows, @Nullable NeighborBlocks blocks) {
    if (rows.count() != quietRows) {
      quietRows = rows.count();
      quietSinceNanos = pool.nanoClock().getAsLong();
    }
    if (blocks != target) {
      target = blocks;
      filledRows = 0; // Fillers end.
    }
    if (unlinkedRows > 0 || isStopped || fillers.get() > 0) {
      return;
    }
    boolean isQuiet = pool.nanoClock().getAsLong() - quietSinceNanos >= QUIET_NANOS;
    if (isQuiet && hasOutgrown()) {
      start(
          blocks == null
              ? () -> new LinkFiller(rows, links, metric)
              : () -> new NeighborFiller(rows, links, blocks, metric));
    }
  }

  /** Whether many rows have come since: fewer are not worth to begin again. */
  private boolean hasOutgrown() {
    int filled = filledRows;
    return rows.count() - filled > filled / GROWTH_DIVISOR;
  }

  /** As many threads at once as the pool has. */
  private void start(Supplier<NodeFiller> made) {
    int count = rows.count();
    int threads = pool.threads();
    filledRows = count;
    fillers.set(threads);
    for (int i = 0; i < threads; i++) {
      int from = (int) ((long) count * i / threads);
      int to = (int) ((long) count * (i + 1) / threads);
      NodeFiller filler = made.get();
      if (!pool.submit(() -> fill(filler, from, to))) {
        fillers.decrementAndGet();
      }
    }
  }

  /**
   * One turn of a filler; queues the next one behind other segments' turns. Ends when many rows
   * come.
   */
  private void fill(NodeFiller filler, int from, int to) {
    boolean goesOn = false;
    pool.builderStarted();
    try {
      int end = Math.min(to, from + TURN_NODES);
      SearchScratch scratch = pool.scratchPool().acquire();
      for (int node = from; node < end && filledRows > 0 && !isStopped; node++) {
        pool.giveWay();
        filler.fill(node, scratch);
      }
      pool.scratchPool().release(scratch);
      if (hasOutgrown()) {
        filledRows = 0;
      } else {
        goesOn = end < to && pool.submit(() -> fill(filler, end, to));
      }
    } catch (RuntimeException failure) {
      // Searches are as good as before. The next time would fail, too. The scratch is left to the
      // collector: it may be in the middle of something.
      isStopped = true;
      log.warn("event=places-not-filled rows={}", rows.count(), failure);
    } finally {
      pool.builderFinished();
      if (!goesOn) {
        if (filler.hasFilledLinks()) {
          onLinksFilled.run();
        }
        fillers.decrementAndGet();
      }
    }
  }

  /** Ends background work, a node later; what is there stays. */
  void stop() {
    isStopped = true;
  }

  /** Whether it is under way. */
  boolean isFilling() {
    return fillers.get() > 0;
  }

  /** Whether all places of these blocks are filled, of all rows there are. */
  boolean isFilled(NeighborBlocks blocks) {
    return fillers.get() == 0
        && target == blocks
        && filledRows > 0
        && filledRows == rows.count()
        && !isStopped;
  }
}
