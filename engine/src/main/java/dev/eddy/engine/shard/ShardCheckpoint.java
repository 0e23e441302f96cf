package dev.eddy.engine.shard;

import java.io.IOException;

/**
 * A shard's state at one position, taken to be written while the shard goes on.
 *
 * <p>Threading: {@link #write} and {@link #close} by one thread at a time, any one. Files and
 * memory of the moment are held until it is closed, written or not; the shard may be closed before.
 *
 * <p>Invariant: nothing becomes a checkpoint before all of it is durable, so that at any moment the
 * one before stays the newest.
 */
public final class ShardCheckpoint implements AutoCloseable {
  private final Checkpointer checkpointer;
  private final Checkpointer.Moment moment;
  private boolean isClosed;

  ShardCheckpoint(Checkpointer checkpointer, Checkpointer.Moment moment) {
    this.checkpointer = checkpointer;
    this.moment = moment;
  }

  /** The position that the checkpoint is of. */
  public long position() {
    return moment.position();
  }

  /** Writes and publishes the checkpoint. A failure changes nothing; do not call it again then. */
  public CheckpointInfo write() throws IOException {
    if (isClosed) {
      throw new IllegalStateException("checkpoint is closed");
    }
    return checkpointer.write(moment);
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      moment.close();
      checkpointer.ended(this);
    }
  }
}
