package dev.eddy.kafka.meta;

import java.util.concurrent.CompletableFuture;

/** The end of a topic, as asked for at one moment of the monotonic clock. */
record EndAsked(long beganNanos, CompletableFuture<Long> end) {

  static EndAsked of(TopicFeed feed) {
    return new EndAsked(System.nanoTime(), feed.end());
  }

  /** Whether everything below the end is behind this position; false while the end is unknown. */
  boolean isReached(long position) {
    return end.isDone() && !end.isCompletedExceptionally() && position >= end.join();
  }

  /** Whether there will be no answer. */
  boolean isFailed() {
    return end.isCompletedExceptionally();
  }
}
