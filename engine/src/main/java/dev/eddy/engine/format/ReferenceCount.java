package dev.eddy.engine.format;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs an action when the last of its references is released. Starts with one reference.
 * Thread-safe.
 */
public final class ReferenceCount {
  private final AtomicInteger references = new AtomicInteger(1);
  private final Runnable onLastRelease;

  /** With one reference, the maker's. */
  public ReferenceCount(Runnable onLastRelease) {
    this.onLastRelease = onLastRelease;
  }

  /** Takes a reference more, beside one that is held. */
  public void retain() {
    if (!tryRetain()) {
      throw new IllegalStateException("retained after the last release");
    }
  }

  /** Retains unless it is too late; false then. */
  public boolean tryRetain() {
    return references.getAndUpdate(count -> count > 0 ? count + 1 : count) > 0;
  }

  /** Whether the last one was released. */
  public boolean isReleased() {
    return references.get() <= 0;
  }

  /** Gives a reference back. */
  public void release() {
    int left = references.decrementAndGet();
    if (left < 0) {
      throw new IllegalStateException("released more often than retained");
    }
    if (left == 0) {
      onLastRelease.run();
    }
  }
}
