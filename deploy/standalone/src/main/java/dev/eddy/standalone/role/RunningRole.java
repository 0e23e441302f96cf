package dev.eddy.standalone.role;

import java.util.concurrent.CompletableFuture;

/** A role that runs in this process. */
public interface RunningRole extends AutoCloseable {
  /** What it is called on the command line. */
  String name();

  /** Where it listens, for people to read. */
  String addresses();

  /** Completes with the reason when the role can't go on. */
  CompletableFuture<Throwable> failure();

  /** Drains, writes checkpoints, lets go of folders and ports. */
  @Override
  void close();
}
