package dev.eddy.query.grpc;

import dev.eddy.model.limit.Limit;
import dev.eddy.query.metrics.RequestMetrics;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.function.LongConsumer;

/**
 * Tells of a call's request as it comes in, so that what is begun and not ended counts, too, and
 * counts the messages that gRPC itself refuses, before anything of ours sees them.
 */
final class Inflow extends ServerStreamTracer {
  private static final Context.Key<Inflow> KEY = Context.key("eddy-inflow");

  private final RequestMetrics metrics;
  private volatile LongConsumer reader = ignored -> {};

  private Inflow(RequestMetrics metrics) {
    this.metrics = metrics;
  }

  /** Makes one for each call. */
  static ServerStreamTracer.Factory factory(RequestMetrics metrics) {
    return new ServerStreamTracer.Factory() {
      @Override
      public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return new Inflow(metrics);
      }
    };
  }

  /** Gives the reader every number of bytes that comes in for the call that is begun here. */
  static void tell(LongConsumer reader) {
    Inflow inflow = KEY.get();
    if (inflow != null) {
      inflow.reader = reader;
    }
  }

  @Override
  public Context filterContext(Context context) {
    return context.withValue(KEY, this);
  }

  @Override
  public void inboundWireSize(long bytes) {
    reader.accept(bytes);
  }

  @Override
  public void streamClosed(Status status) {
    String text = status.getDescription();
    if (status.getCode() == Status.Code.RESOURCE_EXHAUSTED
        && text != null
        && text.contains("exceeds maximum size")) {
      metrics.grpcRefused(Limit.GRPC_MESSAGE);
    }
  }
}
