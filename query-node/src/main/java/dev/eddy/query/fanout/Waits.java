package dev.eddy.query.fanout;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waiting on a virtual thread, with interrupts told as a cancelled request. */
public final class Waits {
  private Waits() {}

  /** The future's value, or its failure as it was thrown. */
  public static <T> T join(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new EddyException(ErrorCode.INTERNAL, "Service internal error: " + e.getCause(), e);
    } catch (InterruptedException e) {
      throw cancelled(e);
    }
  }

  public static void pause(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      throw cancelled(e);
    }
  }

  /** Keeps the interrupt for the caller's caller. */
  public static EddyException cancelled(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new EddyException(ErrorCode.TIMEOUT, "Timeout: the request was cancelled", e);
  }
}
