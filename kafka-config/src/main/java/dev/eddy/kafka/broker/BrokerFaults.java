package dev.eddy.kafka.broker;

import java.util.concurrent.CompletableFuture;
import kafka.server.FaultHandlerFactory;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.fault.FaultHandlerException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when Kafka meets a fault it cannot handle: it is logged, and a fatal one ends the
 * broker.
 *
 * <p>Kafka's own handlers end the process; here the owner of the broker decides, by {@link
 * #fatal()}.
 */
final class BrokerFaults implements FaultHandlerFactory {
  private static final Logger LOG = LoggerFactory.getLogger(BrokerFaults.class);

  private final CompletableFuture<Throwable> fatal = new CompletableFuture<>();

  @Override
  public FaultHandler build(String name, boolean isFatal, Runnable action) {
    return new Handler(name, isFatal, action);
  }

  /** Completes with the first fatal fault. */
  CompletableFuture<Throwable> fatal() {
    return fatal;
  }

  private final class Handler implements FaultHandler {
    private final String name;
    private final boolean isFatal;
    private final Runnable action;

    Handler(String name, boolean isFatal, Runnable action) {
      this.name = name;
      this.isFatal = isFatal;
      this.action = action;
    }

    @Override
    public RuntimeException handleFault(String failureMessage, @Nullable Throwable cause) {
      LOG.error(
          "event=broker_fault fault={} fatal={} message={}", name, isFatal, failureMessage, cause);
      try {
        action.run();
      } catch (RuntimeException e) {
        LOG.error("event=broker_fault_action_failed fault={}", name, e);
      }
      FaultHandlerException fault = new FaultHandlerException(name + ": " + failureMessage, cause);
      if (isFatal) {
        fatal.complete(fault);
      }
      return fault;
    }
  }
}
