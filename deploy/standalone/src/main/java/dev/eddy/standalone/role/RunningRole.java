package dev.eddy.standalone.role;

import java.util.concurrent.CompletableFuture;

/** A role that runs in this process. */
public final class RunningRole implements AutoCloseable {
  private final String name;
  private final String addresses;
  private final CompletableFuture<Throwable> failure;
  private final Runnable close;

  RunningRole(String name, String addresses, CompletableFuture<Throwable> failure, Runnable close) {
    this.name = name;
    this.addresses = addresses;
    this.failure = failure;
    this.close = close;
  }

  /** What it is called on the command line. */
  public String name() {
    return name;
  }

  /** Where it listens, for people to read. */
  public String addresses() {
    return addresses;
  }

  /** Completes with the reason when the role can't go on. */
  public CompletableFuture<Throwable> failure() {
    return failure;
  }

  /** Drains, writes checkpoints, lets go of folders and ports. */
  @Override
  public void close() {
    close.run();
  }
}
