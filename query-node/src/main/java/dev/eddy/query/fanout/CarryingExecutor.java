package dev.eddy.query.fanout;

import dev.eddy.model.answer.AnswerMeter;
import dev.eddy.model.usage.Explanation;
import dev.eddy.model.usage.HardwareUsage;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Threads that work for the request of whoever gives them a task: what they use and gather counts
 * for it. Safe from any thread.
 */
public final class CarryingExecutor extends AbstractExecutorService {
  private final ExecutorService threads;

  /** Takes over the threads. */
  public CarryingExecutor(ExecutorService threads) {
    this.threads = threads;
  }

  @Override
  public void execute(Runnable task) {
    threads.execute(HardwareUsage.carried(AnswerMeter.carried(Explanation.carried(task))));
  }

  @Override
  public void shutdown() {
    threads.shutdown();
  }

  @Override
  public List<Runnable> shutdownNow() {
    return threads.shutdownNow();
  }

  @Override
  public boolean isShutdown() {
    return threads.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return threads.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return threads.awaitTermination(timeout, unit);
  }
}
