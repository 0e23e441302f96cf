package dev.eddy.engine.graph;

import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Keeps working memory for as many searches as compute at once. Searches run to their end on their
 * carrier thread, so few are needed however many virtual threads call; one more than kept is made
 * and dropped again, nobody waits. Thread-safe.
 */
public final class ScratchPool {
  private final ArrayBlockingQueue<SearchScratch> idle;

  /** Keeps at most this many. */
  public ScratchPool(int kept) {
    this.idle = new ArrayBlockingQueue<>(kept);
  }

  /** Borrows scratch; give it back with {@link #release}. */
  public SearchScratch acquire() {
    @Nullable SearchScratch scratch = idle.poll();
    return scratch != null ? scratch : new SearchScratch();
  }

  /** Gives scratch back. */
  public void release(SearchScratch scratch) {
    scratch.shrink();
    idle.offer(scratch); // Full: leave it to the collector.
  }
}
