package dev.eddy.bench.command;

/** One of the graphs that are measured side by side. Not thread-safe. */
interface GraphSide extends AutoCloseable {
  /** All queries once: recall@10, and queries per CPU second of the one thread that asks. */
  record Pass(double recall, double perSecond) {}

  /** Adds and links all rows; returns the seconds that took. */
  double build() throws Exception;

  /** Asks all queries with this beam. */
  Pass search(int ef) throws Exception;

  @Override
  void close();
}
