package dev.eddy.kafka.meta;

/**
 * Takes what is read of the metadata topic. Called on the reader's one thread; must not throw and
 * should not block for long.
 */
public interface MetaConsumer {
  /** The next record, in offset order. Offsets have gaps. */
  void accept(MetaEntry entry);

  /**
   * Everything below the position was handed over. Called after the records of a batch, also when
   * there were none.
   *
   * @param position offset from which reading goes on
   */
  default void position(long position) {}

  /**
   * The topic was truncated, trimmed or made anew: what was read may be wrong, and nothing more
   * will be. The node must not serve on.
   *
   * @param reason one sentence
   */
  void lost(String reason);
}
