package dev.eddy.standalone.role;

import dev.eddy.kafka.meta.NodeReporter;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Starts this process's reports. */
final class Reporting {
  private static final Duration FIRST_TIMEOUT = Duration.ofSeconds(15);

  private Reporting() {}

  /** Reports once before it returns; a newer process of the same node ends this one. */
  static NodeReporter start(
      KafkaAccess kafka, NodeSelf self, CompletableFuture<Throwable> failure) {
    NodeReporter reporter =
        NodeReporter.start(
            kafka.presets(),
            kafka.topics(),
            kafka.view(),
            self::report,
            () ->
                failure.complete(
                    new IllegalStateException(
                        "another process runs as node " + self.nodeId() + ": this one stops")));
    if (!reporter.awaitFirst(FIRST_TIMEOUT)) {
      reporter.close();
      throw new EddyException(
          ErrorCode.UNAVAILABLE,
          "the node's first report was not acknowledged within "
              + FIRST_TIMEOUT.toSeconds()
              + " s");
    }
    return reporter;
  }
}
