package dev.eddy.engine.sparse;

import dev.eddy.engine.column.ColumnView;
import dev.eddy.engine.column.WriteGate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes runs beside the writer, who plans them one after the other and takes them over. Those of a
 * checkpoint are made by its thread, whatever else is under way.
 *
 * <p>Threading: owned by the writer, except for {@link #buildNow} and {@link #nextFile}.
 */
final class RunBuilder {
  private final SparseSettings settings;
  private final AtomicLong nextFile;
  private final Queue<Built> built = new ConcurrentLinkedQueue<>();
  private final WriteGate gate = new WriteGate();
  private boolean isBuilding;

  /**
   * What is done with a range of slots, made by the writer.
   *
   * @param dead slots that are left out
   */
  record Plan(ColumnView column, BitSet dead, int from, int to) {}

  /**
   * What became of a plan.
   *
   * @param run null where its file could not be written
   * @param failure why it could not
   * @param isForCheckpoint whether a checkpoint asked for it
   */
  record Built(
      Plan plan, @Nullable PostingRun run, @Nullable Throwable failure, boolean isForCheckpoint) {}

  RunBuilder(SparseSettings settings, long nextFile) {
    this.settings = settings;
    this.nextFile = new AtomicLong(nextFile);
  }

  /** Begins what was planned; nothing else that was begun may be under way. */
  void start(Plan plan) {
    isBuilding = true;
    settings.background().execute(() -> build(plan));
  }

  private void build(Plan plan) {
    if (!gate.begin()) {
      return;
    }
    try {
      finished(new Built(plan, write(plan, gate::isClosed), null, false));
    } catch (CancellationException closed) {
      // The field ends; whoever opens it next makes the run.
    } catch (IOException | RuntimeException | Error failed) {
      finished(new Built(plan, null, failed, false)); // It stays on the heap.
    } finally {
      gate.end();
    }
  }

  /** Makes the run of a checkpoint, to which the caller gets a reference. From any thread. */
  PostingRun buildNow(Plan plan) throws IOException {
    PostingRun run = write(plan, () -> false);
    run.retain();
    finished(new Built(plan, run, null, true));
    return run;
  }

  private PostingRun write(Plan plan, BooleanSupplier isCancelled) throws IOException {
    String name = "%s-%d.postings".formatted(settings.fileStem(), nextFile.getAndIncrement());
    Path file = settings.liveFolder().resolve(name);
    try {
      new RunWriter(plan.column, plan.dead, plan.from, plan.to, isCancelled).write(file);
      return PostingRun.open(file);
    } catch (IOException | RuntimeException | Error failed) {
      Files.deleteIfExists(file);
      throw failed;
    }
  }

  private void finished(Built done) {
    built.add(done);
    if (gate.isClosed()) {
      releaseBuilt();
    }
  }

  private void releaseBuilt() {
    for (Built done = built.poll(); done != null; done = built.poll()) {
      if (done.run != null) {
        done.run.release();
      }
    }
  }

  /** What is done, once, to be taken over; null when nothing is. */
  @Nullable Built poll() {
    Built done = built.poll();
    isBuilding &= done == null || done.isForCheckpoint;
    return done;
  }

  /** Whether what was begun is not taken over. */
  boolean isBuilding() {
    return isBuilding;
  }

  /** Whether anything is to be taken over, now or later. */
  boolean isBusy() {
    return isBuilding || !built.isEmpty();
  }

  /** The number of the next file. From any thread. */
  long nextFile() {
    return nextFile.get();
  }

  /** Gives up what is not taken over; nothing is begun any more. */
  void close() {
    gate.close();
    releaseBuilt();
  }
}
