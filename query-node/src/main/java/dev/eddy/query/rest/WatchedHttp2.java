package dev.eddy.query.rest;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.task.InterruptableTask;
import io.helidon.http.HttpPrologue;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.http2.Http2Config;
import io.helidon.webserver.http2.Http2Connection;
import io.helidon.webserver.http2.Http2ConnectionSelector;
import io.helidon.webserver.http2.Http2Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The server's HTTP/2, begun as such or from HTTP/1, with a {@link FrameWatch} in front of each
 * connection. Immutable, thread-safe.
 */
final class WatchedHttp2 implements ServerConnectionSelector, Http1Upgrader {
  private final ServerConnectionSelector selector;
  private final Http1Upgrader upgrader;
  private final Function<DataReader, FrameWatch> watches;

  WatchedHttp2(Http2Config config, Function<DataReader, FrameWatch> watches) {
    selector = Http2ConnectionSelector.builder().http2Config(config).build();
    upgrader = Http2Upgrader.create(config);
    this.watches = watches;
  }

  @Override
  public int bytesToIdentifyConnection() {
    return selector.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData data) {
    return selector.supports(data);
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return selector.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    FrameWatch frames = watches.apply(context.dataReader());
    return new Watched(selector.connection(new Context(context, new DataReader(frames))), frames);
  }

  @Override
  public String supportedProtocol() {
    return upgrader.supportedProtocol();
  }

  @Override
  public @Nullable ServerConnection upgrade(
      ConnectionContext context, HttpPrologue prologue, WritableHeaders<?> headers) {
    FrameWatch frames = watches.apply(context.dataReader());
    ServerConnection connection =
        upgrader.upgrade(new Context(context, new DataReader(frames)), prologue, headers);
    return connection == null ? null : new Watched(connection, frames);
  }

  /** A connection whose watch ends with it. */
  private record Watched(ServerConnection connection, FrameWatch frames)
      implements ServerConnection, InterruptableTask<Void> {
    @Override
    public void handle(Limit limit) throws InterruptedException {
      try (frames) {
        connection.handle(limit);
      }
    }

    @Override
    public Duration idleTime() {
      return connection.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
      connection.close(interrupt);
    }

    /** What the server asks of a connection of its own when it stops. */
    @Override
    public boolean canInterrupt() {
      return connection instanceof Http2Connection known && known.canInterrupt();
    }

    @Override
    public Void call() {
      throw new UnsupportedOperationException("the server handles a connection");
    }
  }

  /** The connection as it is, but for where it is read from. */
  private record Context(ConnectionContext connection, DataReader dataReader)
      implements ConnectionContext {
    @Override
    public ListenerContext listenerContext() {
      return connection.listenerContext();
    }

    @Override
    public ExecutorService executor() {
      return connection.executor();
    }

    @Override
    public DataWriter dataWriter() {
      return connection.dataWriter();
    }

    @Override
    public Router router() {
      return connection.router();
    }

    @Override
    public Optional<ProxyProtocolData> proxyProtocolData() {
      return connection.proxyProtocolData();
    }

    @Override
    public HelidonSocket serverSocket() {
      return connection.serverSocket();
    }

    @Override
    public PeerInfo remotePeer() {
      return connection.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
      return connection.localPeer();
    }

    @Override
    public boolean isSecure() {
      return connection.isSecure();
    }

    @Override
    public String socketId() {
      return connection.socketId();
    }

    @Override
    public String childSocketId() {
      return connection.childSocketId();
    }
  }
}
