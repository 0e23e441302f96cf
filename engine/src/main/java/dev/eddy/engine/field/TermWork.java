package dev.eddy.engine.field;

import dev.eddy.engine.field.TermDictionary.Stretch;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a dictionary's terms to where they are to be, in the background. Owned by the writer. */
final class TermWork {
  private static final Logger LOG = LoggerFactory.getLogger(TermWork.class);

  private final TermDictionary terms;

  /** Bytes of terms from which they are tried again, after no file could be written. */
  private long largeBytes;

  private @Nullable EndableWork<Boolean> work;

  TermWork(TermDictionary terms) {
    this.terms = terms;
  }

  /**
   * Takes over what is done and starts what is due.
   *
   * @param home where large stretches are to be
   */
  void maintain(RunHome home, Executor background) {
    EndableWork<Boolean> done = work;
    if (done != null && done.isDone()) {
      work = null;
      boolean isMoved = done.join();
      largeBytes = isMoved ? 0 : 2 * terms.heapBytes();
    }
    if (work != null) {
      return;
    }
    switch (home) {
      case RunHome.Heap ignored -> {
        if (terms.mappedBytes() > 0) {
          start(
              () -> {
                terms.unmap();
                return true;
              },
              background);
        }
      }
      case RunHome.Disk(IndexFiles files) -> {
        Stretch due = terms.dueForMapping(Math.max(files.mappedBytesMin(), largeBytes));
        if (due.from() < due.to()) {
          start(() -> map(files, due), background);
        }
      }
    }
  }

  private void start(Supplier<Boolean> task, Executor background) {
    terms.retain();
    EndableWork<Boolean> begun = new EndableWork<>(task, terms::release);
    work = begun.start(background) ? begun : null;
  }

  private boolean map(IndexFiles files, Stretch due) {
    try {
      terms.map(files.mapped(terms, due));
      return true;
    } catch (IOException e) {
      // They stay on the heap and say the same.
      LOG.warn(
          "event=field_index_not_mapped terms={} reason=\"{}\"",
          due.to() - due.from(),
          e.toString());
      return false;
    }
  }

  boolean isBusy() {
    return work != null;
  }

  /** Ends it; no file is written any more. */
  void end() {
    if (work != null) {
      var _ = work.end();
      work = null;
    }
  }
}
