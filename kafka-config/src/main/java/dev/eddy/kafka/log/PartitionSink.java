package dev.eddy.kafka.log;

import java.util.UUID;

/**
 * Takes what is read of one partition. Called on the tailer's threads, by one at a time, which
 * serve other partitions, too: it must not block.
 *
 * <p>After any of the failure calls nothing more is delivered; the partition counts as unassigned.
 */
public interface PartitionSink {
  /**
   * Takes a batch, or refuses it whole.
   *
   * @return false if there is no room: the same batch (perhaps with more behind it in later ones)
   *     is offered again within milliseconds, and the partition is not fetched meanwhile
   */
  boolean offer(LogBatch batch);

  /**
   * The log's end is below what was read before: records that were applied are gone. Local state
   * beyond {@code divergentOffset} is wrong.
   *
   * @param divergentOffset first offset at which the log differs from what was read
   */
  void logTruncated(long divergentOffset);

  /**
   * The position is not in the log: its start was deleted, or its end is below the position.
   *
   * @param position where reading should have gone on
   */
  void outOfRange(long position);

  /**
   * The topic with the partition's id does not exist any more.
   *
   * @param expected the id that the partition was assigned with
   */
  void logGone(UUID expected);
}
