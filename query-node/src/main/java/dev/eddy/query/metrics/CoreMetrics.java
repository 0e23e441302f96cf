package dev.eddy.query.metrics;

/** Where the core reports what an edge cannot see. Safe from any thread. */
public interface CoreMetrics {
  /** Counts nothing. */
  CoreMetrics NONE =
      new CoreMetrics() {
        @Override
        public void writeAcknowledged(long nanos) {}

        @Override
        public void writeVisible(long nanos) {}

        @Override
        public void writeHeldBack(long nanos) {}

        @Override
        public void searchAnswered(long nanos, int queries) {}
      };

  /** From the request to all in-sync replicas of the log having it. */
  void writeAcknowledged(long nanos);

  /** From the request to being applied at every replica readers may ask. */
  void writeVisible(long nanos);

  /**
   * How long the answer to a write that doesn't wait was held back, so that reads need not wait.
   */
  void writeHeldBack(long nanos);

  /** One request of that many queries, fetching included. */
  void searchAnswered(long nanos, int queries);
}
