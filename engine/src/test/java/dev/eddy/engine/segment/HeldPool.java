package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Keeps all threads of a build pool from work until it is closed; what comes waits. */
public final class HeldPool implements AutoCloseable {
  private final CountDownLatch isOver = new CountDownLatch(1);
  private final CountDownLatch begun;

  /** Holds it from the moment on at which its threads have nothing else to do. */
  public HeldPool(BuildPool pool) {
    begun = new CountDownLatch(pool.threads());
    for (int i = 0; i < pool.threads(); i++) {
      assertThat(pool.submit(this::hold)).as("the pool takes work").isTrue();
    }
  }

  /** Waits until it is held: a linker that is about to end still takes rows that come. */
  public HeldPool awaitHeld() {
    try {
      assertThat(begun.await(60, TimeUnit.SECONDS)).as("all threads are held").isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return this;
  }

  private void hold() {
    begun.countDown();
    try {
      isOver.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets go of it; may be called again. */
  @Override
  public void close() {
    isOver.countDown();
  }
}
