package dev.eddy.kafka.broker;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.server.ServerSocketFactory;

/**
 * Server sockets bound before Kafka starts.
 *
 * <p>The quorum's voter address and the advertised listeners are configuration, so every port must
 * be known first; and a port in use is found before anything is written.
 */
final class BoundSockets implements ServerSocketFactory, AutoCloseable {
  private static final int BACKLOG = 128;

  private final Map<String, ServerSocketChannel> channels = new LinkedHashMap<>();
  private final Map<String, Integer> ports = new LinkedHashMap<>();

  /** Binds one listener; port 0 picks a free one. Returns the port. */
  int bind(String listener, String host, int port) {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new BrokerStartException("kafka host %s cannot be resolved".formatted(host), null);
    }
    try {
      ServerSocketChannel channel = ServerSocketChannel.open();
      channels.put(listener, channel);
      channel.configureBlocking(
          false); // Kafka's acceptor selects on it; a blocking channel hangs the start.
      channel.bind(address, BACKLOG);
      int boundPort = ((InetSocketAddress) channel.getLocalAddress()).getPort();
      ports.put(listener, boundPort);
      return boundPort;
    } catch (BindException e) {
      if (port != 0 && String.valueOf(e.getMessage()).contains("in use")) {
        throw new PortInUseException(host, port, e);
      }
      throw new BrokerStartException(
          "kafka cannot listen on %s:%d: %s".formatted(host, port, e.getMessage()), e);
    } catch (IOException e) {
      throw new BrokerStartException(
          "kafka cannot listen on %s:%d: %s".formatted(host, port, e.getMessage()), e);
    }
  }

  int port(String listener) {
    Integer port = ports.get(listener);
    if (port == null) {
      throw new IllegalStateException("listener " + listener + " is not bound");
    }
    return port;
  }

  @Override
  public synchronized ServerSocketChannel openServerSocket(
      String listenerName,
      InetSocketAddress socketAddress,
      int listenBacklogSize,
      int recvBufferSize)
      throws IOException {
    ServerSocketChannel channel = channels.remove(listenerName);
    if (channel == null) {
      throw new IOException("no socket was bound for listener " + listenerName);
    }
    return channel;
  }

  /** Closes what Kafka has not taken over. */
  @Override
  public synchronized void close() throws IOException {
    for (ServerSocketChannel channel : channels.values()) {
      channel.close();
    }
    channels.clear();
  }
}
