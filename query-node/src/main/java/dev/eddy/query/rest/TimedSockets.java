package dev.eddy.query.rest;

import io.helidon.common.socket.SocketOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Connections that are closed when they are silent for too long, also before their first byte: the
 * server itself looks only after those whose protocol it knows, and of its own options leaves out
 * the time of a read.
 */
record TimedSockets(Duration silence) implements SocketOptions {
  @Override
  public Map<SocketOption<?>, Object> socketOptions() {
    return Map.of(
        StandardSocketOptions.TCP_NODELAY, true, StandardSocketOptions.SO_KEEPALIVE, true);
  }

  @Override
  public void configureSocket(SocketChannel channel) {
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      channel.socket().setSoTimeout(Math.toIntExact(silence.toMillis()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Duration connectTimeout() {
    return silence;
  }

  @Override
  public Duration readTimeout() {
    return silence;
  }

  @Override
  public Optional<Integer> socketReceiveBufferSize() {
    return Optional.empty();
  }

  @Override
  public Optional<Integer> socketSendBufferSize() {
    return Optional.empty();
  }

  @Override
  public boolean socketReuseAddress() {
    return true;
  }

  @Override
  public boolean socketKeepAlive() {
    return true;
  }

  @Override
  public boolean tcpNoDelay() {
    return true;
  }
}
