package dev.eddy.controller;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * A change that another node decides, waited for only while that node leads: one that is suspended
 * keeps its connections and says nothing, and its successor is elected long before the caller's
 * time is up. Safe from any thread.
 */
final class ForwardedChange {
  private static final Duration LOOK = Duration.ofMillis(50);

  private ForwardedChange() {}

  /**
   * Sends it once and waits.
   *
   * @param change sends and waits; interrupted when it is given up
   * @param isLed whether the node that it is sent to still leads
   * @throws EddyException that of the change, or OUTCOME_UNKNOWN when another node leads meanwhile
   */
  static boolean send(BooleanSupplier change, BooleanSupplier isLed) {
    FutureTask<Boolean> answer = new FutureTask<>(change::getAsBoolean);
    Thread.ofVirtual().name("eddy-forwarded-change").start(answer);
    try {
      do {
        try {
          return answer.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
          continue;
        }
      } while (isLed.getAsBoolean());
      throw new EddyException(
          ErrorCode.OUTCOME_UNKNOWN, "another controller was elected before this one answered");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EddyException(ErrorCode.OUTCOME_UNKNOWN, "interrupted during the change", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof EddyException known
          ? known
          : new EddyException(ErrorCode.INTERNAL, "the change failed: " + e.getCause(), e);
    } finally {
      answer.cancel(true);
    }
  }
}
