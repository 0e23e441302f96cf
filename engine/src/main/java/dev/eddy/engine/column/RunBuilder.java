package dev.eddy.engine.column;

import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes sealed files beside the writer, who plans them one after the other and takes them over. */
final class RunBuilder {
  private static final Logger log = LoggerFactory.getLogger(RunBuilder.class);

  private final ColumnHome home;
  private final FileNumbers numbers;
  private final Queue<Built> built = new ConcurrentLinkedQueue<>();
  private final WriteGate gate = new WriteGate();
  private boolean isBuilding;

  /**
   * Entries that are to be in new files, while nothing else is done with runs.
   *
   * @param dead slots that are left out
   * @param first the first of the runs that are replaced
   * @param last one behind the last
   * @param chunks of the tail that are replaced, from the first on
   */
  record Plan(ColumnView column, BitSet dead, int from, int to, int first, int last, int chunks) {}

  /**
   * What became of a plan.
   *
   * @param runs null where they could not be written
   * @param failure why they could not
   */
  record Built(Plan plan, @Nullable List<ColumnRun> runs, @Nullable Throwable failure) {}

  RunBuilder(ColumnHome home, FileNumbers numbers) {
    this.home = home;
    this.numbers = numbers;
  }

  /** Begins what was planned; nothing else may be under way. */
  void start(Plan plan) {
    isBuilding = true;
    home.background().execute(() -> build(plan));
  }

  private void build(Plan plan) {
    if (!gate.begin()) {
      return;
    }
    try {
      RunWriter writer = new RunWriter(plan.column, plan.dead, gate::isClosed);
      built.add(new Built(plan, writer.write(home, numbers, plan.from, plan.to), null));
    } catch (CancellationException closed) {
      log.debug("event=column-write-ended folder={}", home.folder());
    } catch (IOException | RuntimeException | Error failed) {
      built.add(new Built(plan, null, failed)); // It stays as it is.
    } finally {
      gate.end();
    }
  }

  /** What is done, once; null when nothing is. */
  @Nullable Built poll() {
    Built done = built.poll();
    isBuilding &= done == null;
    return done;
  }

  boolean isBusy() {
    return isBuilding;
  }

  /** Gives up what is not taken over. Nothing is written any more when this returns. */
  void close() {
    gate.close();
    for (Built done = built.poll(); done != null; done = built.poll()) {
      if (done.runs != null) {
        done.runs.forEach(ColumnRun::release);
      }
    }
  }
}
