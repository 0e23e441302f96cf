package dev.eddy.standalone.client;

import static dev.eddy.standalone.client.Expected.answer;

import io.grpc.ManagedChannelBuilder;
import io.qdrant.client.QdrantClient;
import io.qdrant.client.QdrantGrpcClient;
import java.util.Map;

/** Calls every method of the client and checks what it answers. */
public final class ClientWalk {
  private static final Map<String, String> SILENT =
      Map.of("close", "ends the walk", "grpcClient", "a getter");

  private ClientWalk() {}

  /** Fails where an answer is wrong, and for a method that it does not call. */
  public static void walk(int grpcPort) {
    CalledMethods called = new CalledMethods();
    var channel =
        ManagedChannelBuilder.forAddress("127.0.0.1", grpcPort)
            .usePlaintext()
            .intercept(called)
            .build();
    try (QdrantClient client =
        new QdrantClient(QdrantGrpcClient.newBuilder(channel, true).build())) {
      String name = "java-client";
      CollectionSteps collections = new CollectionSteps(client);
      PointSteps points = new PointSteps(client, name);
      QuerySteps queries = new QuerySteps(client, name);
      collections.walk(name + "-made");
      answer(client.createCollectionAsync(Library.settings(name)));
      points.write();
      queries.walk();
      queries.walkOlder();
      collections.walkDeclarations(name);
      collections.walkRefusals(name);
      points.change();
      answer(client.deleteCollectionAsync(name));
    }
    called.verifyAllCalled(SILENT);
  }
}
