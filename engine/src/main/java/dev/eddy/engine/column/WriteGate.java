package dev.eddy.engine.column;

/**
 * Background work that writes into a folder, a piece at a time, until its owner closes: the next
 * one to work in the folder may give files the same names. Thread-safe.
 */
public final class WriteGate {
  private boolean isWriting;
  private volatile boolean isClosed;

  /** Begins to write; false when that is not allowed any more. Else {@link #end} it. */
  public synchronized boolean begin() {
    isWriting = !isClosed;
    return isWriting;
  }

  /** Ends what was begun. */
  public synchronized void end() {
    isWriting = false;
    notifyAll();
  }

  /** Whether who writes should stop. */
  public boolean isClosed() {
    return isClosed;
  }

  /** Lets nobody begin any more, and waits until nothing is written. */
  public synchronized void close() {
    isClosed = true;
    boolean isInterrupted = false;
    while (isWriting) {
      try {
        wait();
      } catch (InterruptedException told) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
