package dev.eddy.index.host;

import dev.eddy.kafka.log.LogBatch;
import dev.eddy.kafka.log.PartitionSink;
import java.util.UUID;

/** The tailer's way to one opening of a shard; a later opening has its own. */
record LogSink(ShardLife life, OpenShard shard) implements PartitionSink {
  @Override
  public boolean offer(LogBatch batch) {
    boolean isTaken = shard.offer(batch);
    if (isTaken) {
      life.wake();
    }
    return isTaken;
  }

  @Override
  public void logTruncated(long divergentOffset) {
    life.logDiverged(shard, "the log was truncated to offset " + divergentOffset);
  }

  @Override
  public void outOfRange(long position) {
    life.logDiverged(shard, "the log has no offset " + position);
  }

  @Override
  public void logGone(UUID expected) {
    life.logGone(shard);
  }
}
