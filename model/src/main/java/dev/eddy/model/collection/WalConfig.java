package dev.eddy.model.collection;

/** Settings of the original's own log: stored and shown back, without effect on a Kafka log. */
public record WalConfig(int walCapacityMb, int walSegmentsAhead, int walRetainClosed) {
  public static final WalConfig DEFAULT = new WalConfig(32, 0, 1);
}
