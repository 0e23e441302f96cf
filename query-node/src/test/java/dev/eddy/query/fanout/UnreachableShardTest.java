package dev.eddy.query.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.shard.ShardService.Bounds;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UnreachableShardTest {
  private final AtomicInteger resets = new AtomicInteger();

  @Test
  void anUnreachableNodeIsLookedForAgainAtOnceAndNotWhenTheChannelWouldLook() throws IOException {
    RemoteShardService remote = new RemoteShardService(new Counting(channel(freePort())));
    ShardId shard = new ShardId(new UUID(1, 2), 1, 0);
    for (int i = 1; i <= 3; i++) {
      assertThatThrownBy(() -> remote.describe(shard, new Bounds(0, Duration.ofSeconds(20))))
          .isInstanceOfSatisfying(
              ShardException.class,
              e -> assertThat(e.reason()).isEqualTo(ShardException.Reason.UNREACHABLE));
      assertThat(resets).hasValue(i);
    }
    remote.close();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static ManagedChannel channel(int port) {
    return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  /** Counts how often it is told to connect at once. */
  private final class Counting extends ManagedChannel {
    private final ManagedChannel channel;

    Counting(ManagedChannel channel) {
      this.channel = channel;
    }

    @Override
    public void resetConnectBackoff() {
      resets.incrementAndGet();
      channel.resetConnectBackoff();
    }

    @Override
    public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
      return channel.newCall(method, options);
    }

    @Override
    public String authority() {
      return channel.authority();
    }

    @Override
    public ManagedChannel shutdown() {
      return channel.shutdown();
    }

    @Override
    public boolean isShutdown() {
      return channel.isShutdown();
    }

    @Override
    public boolean isTerminated() {
      return channel.isTerminated();
    }

    @Override
    public ManagedChannel shutdownNow() {
      return channel.shutdownNow();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
      return channel.awaitTermination(timeout, unit);
    }
  }
}
