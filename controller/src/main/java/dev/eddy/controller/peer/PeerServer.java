package dev.eddy.controller.peer;

import dev.eddy.model.cluster.CollectionAdmin;
import dev.eddy.proto.peer.ChangedMessage;
import dev.eddy.proto.peer.CreateCollectionMessage;
import dev.eddy.proto.peer.DeleteCollectionMessage;
import dev.eddy.proto.peer.PeerMessages;
import dev.eddy.proto.peer.PeersGrpc;
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
  private static final long CLOSE_SECONDS = 2;

  private final Server server;

  private PeerServer(Server server) {
    this.server = server;
  }

  /**
   * Listens.
   *
   * @param port 0 = any free one
   * @param admin the node's own controller; never one that forwards, or changes could go in circles
   * @throws IOException when the port can't be had
   */
  public static PeerServer start(String host, int port, CollectionAdmin admin) throws IOException {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(host, port))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .addService(service(admin))
            .build()
            .start();
    return new PeerServer(server);
  }

  /** The service alone, for a server that offers others, too. */
  public static BindableService service(CollectionAdmin admin) {
    return new Service(admin);
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
    private final CollectionAdmin admin;

    Service(CollectionAdmin admin) {
      this.admin = admin;
    }

    @Override
    public void createCollection(
        CreateCollectionMessage request, StreamObserver<ChangedMessage> answer) {
      answer(
          answer,
          () -> {
            admin.create(
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
            admin.update(
                request.getName(), PeerMessages.change(request), timeout(request.getTimeoutMs()));
            return true;
          });
    }

    @Override
    public void deleteCollection(
        DeleteCollectionMessage request, StreamObserver<ChangedMessage> answer) {
      answer(answer, () -> admin.delete(request.getName(), timeout(request.getTimeoutMs())));
    }

    @Override
    public void updateAliases(UpdateAliasesMessage request, StreamObserver<ChangedMessage> answer) {
      answer(
          answer,
          () -> {
            admin.updateAliases(PeerMessages.actions(request), timeout(request.getTimeoutMs()));
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
