package dev.eddy.engine.segment;

import dev.eddy.engine.format.CLibrary;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread's share of the cores while others want them too.
 *
 * <p>Java's thread priorities do nothing on Linux. There {@code setpriority(2)} on the calling
 * thread does: at nice 10 it gets about a tenth of a contended core and still all of an idle one.
 */
final class ThreadShare {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadShare.class);
  private static final int PRIO_PROCESS = 0;
  private static final int CALLING_THREAD = 0;
  private static final int NICE_IN_BACKGROUND = 10;

  private ThreadShare() {}

  /** Lowers the calling thread's share for good; does nothing where that can't be done. */
  static void lower() {
    if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")) {
      return; // Elsewhere the call would change the whole process.
    }
    try {
      MethodHandle setPriority =
          CLibrary.find(
                  "setpriority",
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT)
              .orElseThrow();
      int result = (int) setPriority.invokeExact(PRIO_PROCESS, CALLING_THREAD, NICE_IN_BACKGROUND);
      if (result != 0) {
        LOG.debug("event=thread_share_kept thread={}", Thread.currentThread().getName());
      }
    } catch (Throwable e) {
      LOG.debug("event=thread_share_kept thread={}", Thread.currentThread().getName(), e);
    }
  }
}
