package dev.eddy.index.host;

import java.time.Duration;

/**
 * Limits of hosting shards.
 *
 * @param workerThreads platform threads that apply, shared by all shards
 * @param checkpointsAtOnce how many shards may write a checkpoint at the same time
 * @param mailboxBytes what one shard's mailbox may hold
 * @param mailboxesBytes what all mailboxes may hold together
 * @param checkpointInterval at most this between two checkpoints of a shard that changes
 * @param checkpointLogBytes at most this much log between two checkpoints
 * @param publishInterval while batches queue up, how long applied updates may stay unpublished
 * @param waitersMax requests that may wait for one shard's position at once
 * @param tickInterval how often time-driven work is looked for
 * @param retryDelayMin before a failed shard is opened again; doubles with every failure in a row
 * @param closeTimeout how long closing waits for reads and checkpoints
 */
public record HostSettings(
    int workerThreads,
    int checkpointsAtOnce,
    long mailboxBytes,
    long mailboxesBytes,
    Duration checkpointInterval,
    long checkpointLogBytes,
    Duration publishInterval,
    int waitersMax,
    Duration tickInterval,
    Duration retryDelayMin,
    Duration retryDelayMax,
    Duration closeTimeout) {

  private static final long MIB = 1 << 20;

  public HostSettings {
    if (workerThreads < 1 || checkpointsAtOnce < 1 || waitersMax < 1) {
      throw new IllegalArgumentException(
          "threads, checkpoints and waiters must be at least 1, got %d, %d, %d"
              .formatted(workerThreads, checkpointsAtOnce, waitersMax));
    }
    if (mailboxBytes < 1 || mailboxesBytes < mailboxBytes || checkpointLogBytes < 1) {
      throw new IllegalArgumentException(
          "mailbox %d bytes, mailboxes %d bytes, checkpoint after %d bytes: must be positive, the second not below the first"
              .formatted(mailboxBytes, mailboxesBytes, checkpointLogBytes));
    }
  }

  /** Defaults for a machine with so many processors. */
  public static HostSettings defaults(int processors) {
    int workers = Math.max(2, processors);
    return new HostSettings(
        workers,
        Math.max(1, workers / 2),
        16 * MIB,
        256 * MIB,
        Duration.ofSeconds(60),
        256 * MIB,
        Duration.ofMillis(5),
        20_000,
        Duration.ofMillis(50),
        Duration.ofSeconds(1),
        Duration.ofSeconds(60),
        Duration.ofSeconds(30));
  }
}
