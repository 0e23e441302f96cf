package dev.eddy.query.grpc;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The few threads that read and write all connections. They do little for each call, and going to
 * sleep and waking costs more than that: with two per core, as it is otherwise, each slept between
 * any two requests.
 */
final class ConnectionThreads implements AutoCloseable {
  private static final int CORES_PER_THREAD = 2;
  private static final long CLOSE_SECONDS_MAX = 5;

  private final EventLoopGroup group;

  ConnectionThreads() {
    int count = Math.max(1, Runtime.getRuntime().availableProcessors() / CORES_PER_THREAD);
    ThreadFactory factory = Thread.ofPlatform().daemon().name("grpc-io-", 0).factory();
    group =
        new MultiThreadIoEventLoopGroup(
            count,
            factory,
            Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  /** Has a server use them. */
  NettyServerBuilder carry(NettyServerBuilder server) {
    return server
        .bossEventLoopGroup(group)
        .workerEventLoopGroup(group)
        .channelType(
            Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class);
  }

  /** To be called when the server has ended. */
  @Override
  public void close() {
    var unused =
        group
            .shutdownGracefully(0, CLOSE_SECONDS_MAX, TimeUnit.SECONDS)
            .awaitUninterruptibly(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
  }
}
