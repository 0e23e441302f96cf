package dev.eddy.controller.peer;

import dev.eddy.controller.Controller;
import dev.eddy.model.cluster.CollectionAdmin;
import dev.eddy.proto.peer.ChangeIdMessage;
import dev.eddy.proto.peer.ChangedMessage;
import dev.eddy.proto.peer.CreateCollectionMessage;
import dev.eddy.proto.peer.DeleteCollectionMessage;
import dev.eddy.proto.peer.PeerMessages;
import dev.eddy.proto.peer.PeersGrpc;
import dev.eddy.proto.peer.SetQuotasMessage;
import dev.eddy.proto.peer.UpdateAliasesMessage;
import dev.eddy.proto.peer.UpdateCollectionMessage;
import dev.eddy.proto.rpc.InternalErrors;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Offers this node's own controller to the other query nodes. */
public final class PeerServer implements AutoCloseable {
  /** How often clients look whether a node is there. */
  static final Duration PING = Duration.ofSeconds(2);

  private static final long CLOSE_SECONDS = 2;

  private final Server server;

  private PeerServer(Server server) {
    this.server = server;
  }

  /**
   * Listens.
   *
   * @param port 0 = any free one
   * @param controller the node's own controller; never one that forwards, or changes could go in
   *     circles
   * @throws IOException when the port can't be had
   */
  public static PeerServer start(String host, int port, Controller controller) throws IOException {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(host, port))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .permitKeepAliveTime(PING.toMillis() / 2, TimeUnit.MILLISECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addService(service(controller))
            .build()
            .start();
    return new PeerServer(server);
  }

  /** The service alone, for a server that offers others, too. */
  public static BindableService service(Controller controller) {
    return new Service(controller);
  }

  public int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    server.shutdown();
    try {
      if (!server.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private static final class Service extends PeersGrpc.PeersImplBase {
    private final Controller controller;

    Service(Controller controller) {
      this.controller = controller;
    }

    private CollectionAdmin admin(ChangeIdMessage id) {
      return controller.change(PeerMessages.id(id));
    }

    @Override
    public void createCollection(
        CreateCollectionMessage request, StreamObserver<ChangedMessage> answer) {
      answer(
          answer,
          () -> {
            admin(request.getId())
                .create(
                    request.getName(), PeerMessages.spec(request), timeout(request.getTimeoutMs()));
            return true;
          });
    }

    @Override
    public void updateCollection(
        UpdateCollectionMessage request, StreamObserver<ChangedMessage> answer) {
      answer(
          answer,
          () -> {
            admin(request.getId())
                .update(
                    request.getName(),
                    PeerMessages.change(request),
                    timeout(request.getTimeoutMs()));
            return true;
          });
    }

    @Override
    public void deleteCollection(
        DeleteCollectionMessage request, StreamObserver<ChangedMessage> answer) {
      answer(
          answer,
          () -> admin(request.getId()).delete(request.getName(), timeout(request.getTimeoutMs())));
    }

    @Override
    public void updateAliases(UpdateAliasesMessage request, StreamObserver<ChangedMessage> answer) {
      answer(
          answer,
          () -> {
            admin(request.getId())
                .updateAliases(PeerMessages.actions(request), timeout(request.getTimeoutMs()));
            return true;
          });
    }

    @Override
    public void setQuotas(SetQuotasMessage request, StreamObserver<ChangedMessage> answer) {
      answer(
          answer,
          () -> {
            admin(request.getId())
                .setQuotas(PeerMessages.quotas(request), timeout(request.getTimeoutMs()));
            return true;
          });
    }

    private static Duration timeout(long millis) {
      return Duration.ofMillis(Math.max(0, millis));
    }

    private static void answer(StreamObserver<ChangedMessage> answer, BooleanSupplier change) {
      try {
        answer.onNext(ChangedMessage.newBuilder().setChanged(change.getAsBoolean()).build());
        answer.onCompleted();
      } catch (RuntimeException e) {
        answer.onError(InternalErrors.toStatus(e));
      }
    }
  }
}
