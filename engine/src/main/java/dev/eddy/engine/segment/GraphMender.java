package dev.eddy.engine.segment;

import dev.eddy.engine.graph.GraphConnector;
import dev.eddy.engine.graph.HeapLinks;
import dev.eddy.engine.graph.SearchScratch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Links what has lost its last link in a growing segment, at rest: walks the graph in turns of the
 * build pool when all rows are linked and hardly any come, and enough have come since the last
 * walk.
 *
 * <p>Rows that come during a walk are left to the next.
 *
 * <p>Threading: {@link #maintain} by the writer; {@link #stop} and {@link #isMending} from any
 * thread.
 */
final class GraphMender {
  private static final Logger log = LoggerFactory.getLogger(GraphMender.class);

  /** Rows are counted over so long. */
  private static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Calm: no more rows than this part have come. */
  private static final int CALM_GROWTH_DIVISOR = 1024;

  /** The graph is walked again when there are more rows by this part... */
  private static final int GROWTH_DIVISOR = 64;

  /** ... or any more after so long: a walk of a million nodes takes less than a second. */
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** Nodes to look at in a turn: some tenths of a millisecond to some milliseconds. */
  private static final int TURN_STEPS = 2048;

  private static final int STEPS_AT_ONCE = 128;

  /** Bytes that a walk holds for a node, at most. */
  private static final long NODE_BYTES = 5;

  private final HeapSegment segment;
  private final HeapLinks links;
  private final SegmentResources resources;
  private final BuildPool pool;
  private final Consumer<Throwable> onFailure;

  private long windowSinceNanos;
  private int windowRows;
  private boolean isCalm;

  /** Rows there were when the graph was walked last; 0 = it never was, which a restart makes so. */
  private int mendedRows;

  private long mendedAtNanos;

  private volatile boolean isMending;
  private volatile boolean isStopped;

  /** The failure consumer is told of a failed turn, from the build pool's thread. */
  GraphMender(
      HeapSegment segment,
      HeapLinks links,
      SegmentResources resources,
      Consumer<Throwable> onFailure) {
    this.segment = segment;
    this.links = links;
    this.resources = resources;
    this.pool = resources.buildPool();
    this.onFailure = onFailure;
    this.windowSinceNanos = pool.nanoClock().getAsLong();
  }

  /** Starts a walk that is due. */
  void maintain(int unlinkedRows) {
    int count = segment.rowCount();
    long now = pool.nanoClock().getAsLong();
    noteRows(count, now);
    if (isCalm && unlinkedRows == 0 && !isMending && !isStopped && isDue(count, now)) {
      mendedRows = count;
      mendedAtNanos = now;
      start();
    }
  }

  private void noteRows(int count, long now) {
    if (now - windowSinceNanos >= CALM_NANOS) {
      isCalm = count - windowRows <= count / CALM_GROWTH_DIVISOR;
      windowRows = count;
      windowSinceNanos = now;
    }
  }

  private boolean isDue(int count, long now) {
    int more = count - mendedRows;
    return (more > mendedRows / GROWTH_DIVISOR
            || (more > 0 && now - mendedAtNanos >= PATIENCE_NANOS))
        && resources.memory().hasRoomFor(NODE_BYTES * count);
  }

  private void start() {
    isMending = true;
    GraphConnector connector =
        new GraphConnector(segment.heapRows(), links, segment.settings().graph());
    if (!pool.submit(() -> turn(connector))) {
      isMending = false;
    }
  }

  /** One turn; queues the next one behind other segments' turns. */
  private void turn(GraphConnector connector) {
    boolean goesOn = false;
    SearchScratch scratch = pool.scratchPool().acquire();
    try {
      goesOn = !advance(connector, scratch) && pool.submit(() -> turn(connector));
    } catch (RuntimeException failure) {
      // Searches are as good as before. The next walk would fail, too.
      isStopped = true;
      log.warn("event=graph-not-mended rows={}", segment.rowCount(), failure);
    } catch (Throwable failure) {
      onFailure.accept(failure);
    } finally {
      pool.scratchPool().release(scratch);
      if (!goesOn) { // Else the next turn may have ended it already.
        isMending = false;
      }
    }
  }

  /** Whether all is done. Holds the monitor, so that {@link #stop} waits for it. */
  private synchronized boolean advance(GraphConnector connector, SearchScratch scratch) {
    int before = connector.connected();
    boolean isDone = isStopped;
    for (int steps = 0; steps < TURN_STEPS && !isDone; steps += STEPS_AT_ONCE) {
      pool.giveWay();
      isDone = connector.advance(STEPS_AT_ONCE, scratch) || isStopped;
    }
    if (connector.connected() > before) {
      segment.spool().noteLinksChanged();
    }
    return isDone;
  }

  /** Whether a walk is under way. */
  boolean isMending() {
    return isMending;
  }

  /** No more walks; a turn that is under way ends before this returns. */
  void stop() {
    isStopped = true;
    synchronized (this) { // The turn has seen it now.
      isMending = false;
    }
  }
}
