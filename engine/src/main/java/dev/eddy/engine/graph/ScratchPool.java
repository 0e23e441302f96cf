package dev.eddy.engine.graph;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Keeps working memory for as many searches as compute at once. Searches run to their end on their
 * carrier thread, so few are needed however many virtual threads call; one more than kept is made
 * and dropped again, nobody waits.
 *
 * <p>Thread-safe, without a lock: the writer would else wait in its queue behind a virtual thread
 * that gets no carrier while others compute.
 */
public final class ScratchPool {
  private final AtomicReferenceArray<@Nullable SearchScratch> idle;

  /** Keeps at most this many. */
  public ScratchPool(int kept) {
    this.idle = new AtomicReferenceArray<>(kept);
  }

  /** Borrows scratch; give it back with {@link #release}. */
  public SearchScratch acquire() {
    for (int i = 0; i < idle.length(); i++) {
      if (idle.getPlain(i) != null) {
        SearchScratch scratch = idle.getAndSet(i, null);
        if (scratch != null) {
          return scratch;
        }
      }
    }
    return new SearchScratch();
  }

  /** Gives scratch back. */
  public void release(SearchScratch scratch) {
    scratch.shrink();
    for (int i = 0; i < idle.length(); i++) {
      if (idle.getPlain(i) == null && idle.compareAndSet(i, null, scratch)) {
        return;
      }
    }
    // Full: it is left to the collector.
  }
}
