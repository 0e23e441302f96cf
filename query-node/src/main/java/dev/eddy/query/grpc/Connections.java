package dev.eddy.query.grpc;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.netty.shaded.io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiator.ProtocolNegotiator;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.util.AsciiString;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The connections of the gRPC edge: bounds how many there are, and can close the one of a call,
 * which a server can't do by any other means to a client that leaves its answers untaken. Safe from
 * any thread.
 */
final class Connections implements ProtocolNegotiator {
  private final ProtocolNegotiator plain = InternalProtocolNegotiators.serverPlaintext();
  private final int max;
  private final Runnable refused;
  private final AtomicInteger count = new AtomicInteger();
  private final Map<SocketAddress, Channel> byClient = new ConcurrentHashMap<>();

  /**
   * None yet.
   *
   * @param refused told of each that is one too many
   */
  Connections(int max, Runnable refused) {
    this.max = max;
    this.refused = refused;
  }

  /** Closes the connection that has these attributes, and so all its calls. */
  void close(Attributes call) {
    SocketAddress client = call.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    Channel channel = client == null ? null : byClient.get(client);
    if (channel != null) {
      ChannelHandlerContext http2 = channel.pipeline().firstContext();
      if (http2 != null) {
        http2.close(); // Below HTTP/2, which would wait for its calls to end for half a minute.
      } else {
        channel.close();
      }
    }
  }

  @Override
  public AsciiString scheme() {
    return plain.scheme();
  }

  @Override
  public ChannelHandler newHandler(GrpcHttp2ConnectionHandler handler) {
    return new Entrance(handler);
  }

  @Override
  public void close() {
    plain.close();
  }

  /** Notes a connection and makes room for what speaks its protocol. */
  private final class Entrance extends ChannelHandlerAdapter {
    private final GrpcHttp2ConnectionHandler handler;

    Entrance(GrpcHttp2ConnectionHandler handler) {
      this.handler = handler;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      Channel channel = context.channel();
      int now = count.incrementAndGet();
      channel.closeFuture().addListener(_ -> count.decrementAndGet());
      if (now > max) {
        refused.run();
        channel.close();
        return;
      }
      SocketAddress client = channel.remoteAddress();
      byClient.put(client, channel);
      channel.closeFuture().addListener(_ -> byClient.remove(client, channel));
      context.pipeline().replace(this, null, plain.newHandler(handler));
    }
  }
}
