package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;

/** Keeps all threads of a build pool from work until it is closed; what comes waits. */
public final class HeldPool implements AutoCloseable {
  private final CountDownLatch isOver = new CountDownLatch(1);

  /** Holds it from the moment on at which its threads have nothing else to do. */
  public HeldPool(BuildPool pool) {
    for (int i = 0; i < pool.threads(); i++) {
      assertThat(pool.submit(this::await)).as("the pool takes work").isTrue();
    }
  }

  private void await() {
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
