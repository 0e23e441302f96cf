package dev.eddy.controller.peer;

import dev.eddy.controller.Controller;
import dev.eddy.controller.ControllerClient;
import dev.eddy.model.cluster.ChangeId;
import dev.eddy.model.cluster.CollectionAdmin;
import dev.eddy.model.cluster.QuotaConfig;
import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.proto.peer.PeerMessages;
import dev.eddy.proto.peer.PeersGrpc;
import dev.eddy.proto.peer.PeersGrpc.PeersBlockingStub;
import dev.eddy.proto.rpc.InternalErrors;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Reaches the controllers of other query nodes. A call is sent only over a connection that stands;
 * so a node that is not there is known not to have been reached. Safe from any thread.
 */
public final class PeerClients implements ControllerClient {
  private static final Duration CONNECT = Duration.ofSeconds(1);

  private static final Duration PING_ANSWER = Duration.ofSeconds(3);

  /** What the network may take beyond the time that the controller has. */
  private static final Duration GRACE = Duration.ofMillis(500);

  private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();

  @Override
  public Controller at(String address) {
    ManagedChannel channel = channels.computeIfAbsent(address, PeerClients::connect);
    return id -> new Remote(id, address, channel);
  }

  private static ManagedChannel connect(String address) {
    // Without an answer to a ping the connection is given up, so that no change is sent over it.
    return NettyChannelBuilder.forTarget(address)
        .usePlaintext()
        .keepAliveTime(PeerServer.PING.toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveTimeout(PING_ANSWER.toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveWithoutCalls(true)
        .build();
  }

  @Override
  public void close() {
    channels.values().forEach(ManagedChannel::shutdownNow);
  }

  private record Remote(ChangeId id, String address, ManagedChannel channel)
      implements CollectionAdmin {
    @Override
    public void create(String name, CollectionSpec spec, Duration timeout) {
      call(
          timeout,
          stub -> {
            stub.createCollection(PeerMessages.create(id, name, spec, timeout));
            return true;
          });
    }

    @Override
    public void update(String name, CollectionChange change, Duration timeout) {
      call(
          timeout,
          stub -> {
            stub.updateCollection(PeerMessages.update(id, name, change, timeout));
            return true;
          });
    }

    @Override
    public boolean delete(String name, Duration timeout) {
      return call(
          timeout,
          stub -> stub.deleteCollection(PeerMessages.delete(id, name, timeout)).getChanged());
    }

    @Override
    public void updateAliases(List<AliasAction> actions, Duration timeout) {
      call(
          timeout,
          stub -> {
            stub.updateAliases(PeerMessages.aliases(id, actions, timeout));
            return true;
          });
    }

    @Override
    public void setQuotas(QuotaConfig quotas, Duration timeout) {
      call(
          timeout,
          stub -> {
            stub.setQuotas(PeerMessages.quotas(id, quotas, timeout));
            return true;
          });
    }

    private boolean call(Duration timeout, Function<PeersBlockingStub, Boolean> change) {
      if (!isConnected(timeout.compareTo(CONNECT) < 0 ? timeout : CONNECT)) {
        throw new EddyException(
            ErrorCode.UNAVAILABLE, "the controller at %s does not answer".formatted(address));
      }
      PeersBlockingStub stub =
          PeersGrpc.newBlockingStub(channel)
              .withDeadlineAfter(timeout.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
      try {
        return change.apply(stub);
      } catch (StatusRuntimeException e) {
        throw failure(e);
      }
    }

    private EddyException failure(StatusRuntimeException e) {
      Metadata trailers = e.getTrailers();
      if (trailers != null && trailers.containsKey(InternalErrors.DETAIL)) {
        return InternalErrors.fromPeer(e);
      }
      // Not the controller's own words: it was sent, and nobody says what became of it.
      return new EddyException(
          ErrorCode.OUTCOME_UNKNOWN,
          "the controller at %s gave no answer: %s".formatted(address, e.getStatus().getCode()),
          e);
    }

    private boolean isConnected(Duration timeout) {
      long deadline = System.nanoTime() + timeout.toNanos();
      while (true) {
        ConnectivityState state = channel.getState(true);
        long rest = deadline - System.nanoTime();
        if (state == ConnectivityState.READY) {
          return true;
        }
        if (rest <= 0) {
          return false;
        }
        if (state == ConnectivityState.TRANSIENT_FAILURE) {
          // It may be back long before the channel would look again.
          channel.resetConnectBackoff();
        }
        CountDownLatch changed = new CountDownLatch(1);
        channel.notifyWhenStateChanged(state, changed::countDown);
        try {
          if (!changed.await(rest, TimeUnit.NANOSECONDS)) {
            return false;
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
    }
  }
}
