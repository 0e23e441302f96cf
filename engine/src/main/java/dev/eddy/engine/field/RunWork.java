package dev.eddy.engine.field;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes one run of one or two in the background, and brings it to where it is to be. Owned by the
 * writer.
 */
final class RunWork {
  private final List<PostingRun> runs;
  private final EndableWork<PostingRun> work;

  private RunWork(List<PostingRun> runs, boolean isOldest, IntPredicate live, RunHome home) {
    this.runs = runs;
    this.work =
        new EndableWork<>(
            () -> home.settled(merged(isOldest, live)), () -> runs.forEach(PostingRun::release));
  }

  /**
   * Starts.
   *
   * @param runs one, or two neighbours, older first; held until it is done
   * @param isOldest whether nothing is older than the first
   * @param live which slots may still be asked for
   * @return null when the background takes nothing any more
   */
  static @Nullable RunWork start(
      List<PostingRun> runs,
      boolean isOldest,
      IntPredicate live,
      RunHome home,
      Executor background) {
    RunWork begun = new RunWork(List.copyOf(runs), isOldest, live, home);
    runs.forEach(PostingRun::retain);
    return begun.work.start(background) ? begun : null;
  }

  private PostingRun merged(boolean isOldest, IntPredicate live) {
    return runs.size() == 1
        ? runs.getFirst()
        : PostingMerge.merge(
            runs.getFirst(),
            runs.getLast(),
            slot -> {
              work.throwIfEnded();
              return live.test(slot);
            },
            isOldest);
  }

  List<PostingRun> runs() {
    return runs;
  }

  boolean takes(PostingRun run) {
    return runs.contains(run);
  }

  boolean isDone() {
    return work.isDone();
  }

  /** What was made, once it is done; the caller takes over its reference. */
  PostingRun join() {
    return work.join();
  }

  /** Ends it; no file is written any more. */
  void end() {
    work.end().filter(made -> made != runs.getFirst()).ifPresent(PostingRun::release);
  }
}
