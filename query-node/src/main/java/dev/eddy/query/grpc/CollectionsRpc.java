package dev.eddy.query.grpc;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.error.EddyException;
import dev.eddy.proto.qdrant.AliasDescription;
import dev.eddy.proto.qdrant.ChangeAliases;
import dev.eddy.proto.qdrant.CollectionClusterInfoRequest;
import dev.eddy.proto.qdrant.CollectionClusterInfoResponse;
import dev.eddy.proto.qdrant.CollectionDescription;
import dev.eddy.proto.qdrant.CollectionExists;
import dev.eddy.proto.qdrant.CollectionExistsRequest;
import dev.eddy.proto.qdrant.CollectionExistsResponse;
import dev.eddy.proto.qdrant.CollectionOperationResponse;
import dev.eddy.proto.qdrant.CollectionsGrpc;
import dev.eddy.proto.qdrant.CreateCollection;
import dev.eddy.proto.qdrant.CreateShardKeyRequest;
import dev.eddy.proto.qdrant.CreateShardKeyResponse;
import dev.eddy.proto.qdrant.DeleteCollection;
import dev.eddy.proto.qdrant.DeleteShardKeyRequest;
import dev.eddy.proto.qdrant.DeleteShardKeyResponse;
import dev.eddy.proto.qdrant.GetCollectionInfoRequest;
import dev.eddy.proto.qdrant.GetCollectionInfoResponse;
import dev.eddy.proto.qdrant.ListAliasesRequest;
import dev.eddy.proto.qdrant.ListAliasesResponse;
import dev.eddy.proto.qdrant.ListCollectionAliasesRequest;
import dev.eddy.proto.qdrant.ListCollectionsRequest;
import dev.eddy.proto.qdrant.ListCollectionsResponse;
import dev.eddy.proto.qdrant.ListShardKeysRequest;
import dev.eddy.proto.qdrant.ListShardKeysResponse;
import dev.eddy.proto.qdrant.UpdateCollection;
import dev.eddy.proto.qdrant.UpdateCollectionClusterSetupRequest;
import dev.eddy.proto.qdrant.UpdateCollectionClusterSetupResponse;
import dev.eddy.proto.qdrant.mapping.QdrantCollections;
import dev.eddy.proto.qdrant.mapping.QdrantQueries;
import dev.eddy.proto.qdrant.mapping.RuleBook;
import dev.eddy.query.collection.CollectionAlias;
import dev.eddy.query.collection.CollectionService;
import dev.eddy.query.service.Standalone;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The Collections service. */
final class CollectionsRpc extends CollectionsGrpc.CollectionsImplBase {
  private final CollectionService collections;

  CollectionsRpc(CollectionService collections) {
    this.collections = requireNonNull(collections, "collections");
  }

  @Override
  public void create(
      CreateCollection request, StreamObserver<CollectionOperationResponse> observer) {
    change(
        observer,
        () -> {
          collections.create(
              request.getCollectionName(),
              QdrantCollections.spec(request),
              timeout(request.hasTimeout(), request.getTimeout()));
          return true;
        });
  }

  @Override
  public void update(
      UpdateCollection request, StreamObserver<CollectionOperationResponse> observer) {
    change(
        observer,
        () -> {
          collections.update(
              request.getCollectionName(),
              QdrantCollections.change(request),
              timeout(request.hasTimeout(), request.getTimeout()));
          return true;
        });
  }

  @Override
  public void delete(
      DeleteCollection request, StreamObserver<CollectionOperationResponse> observer) {
    change(
        observer,
        () ->
            collections.delete(
                request.getCollectionName(), timeout(request.hasTimeout(), request.getTimeout())));
  }

  @Override
  public void updateAliases(
      ChangeAliases request, StreamObserver<CollectionOperationResponse> observer) {
    change(
        observer,
        () -> {
          collections.updateAliases(
              QdrantCollections.aliases(request),
              timeout(request.hasTimeout(), request.getTimeout()));
          return true;
        });
  }

  private static void change(
      StreamObserver<CollectionOperationResponse> observer, BooleanSupplier change) {
    Unary.run(
        observer,
        stopwatch ->
            CollectionOperationResponse.newBuilder()
                .setResult(change.getAsBoolean())
                .setTime(stopwatch.seconds())
                .build());
  }

  /** What is read last of every request: all rules that it breaks are told now. */
  private static Duration timeout(boolean isGiven, long seconds) {
    RuleBook.check();
    return QdrantQueries.timeout(isGiven, seconds, CollectionService.TIMEOUT_DEFAULT);
  }

  @Override
  public void get(
      GetCollectionInfoRequest request, StreamObserver<GetCollectionInfoResponse> observer) {
    Unary.run(
        observer,
        stopwatch ->
            GetCollectionInfoResponse.newBuilder()
                .setResult(CollectionAnswers.info(collections.get(request.getCollectionName())))
                .setTime(stopwatch.seconds())
                .build());
  }

  @Override
  public void list(
      ListCollectionsRequest request, StreamObserver<ListCollectionsResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> {
          ListCollectionsResponse.Builder answer = ListCollectionsResponse.newBuilder();
          for (String name : collections.list()) {
            answer.addCollections(CollectionDescription.newBuilder().setName(name));
          }
          return answer.setTime(stopwatch.seconds()).build();
        });
  }

  @Override
  public void collectionExists(
      CollectionExistsRequest request, StreamObserver<CollectionExistsResponse> observer) {
    Unary.run(
        observer,
        stopwatch ->
            CollectionExistsResponse.newBuilder()
                .setResult(
                    CollectionExists.newBuilder()
                        .setExists(collections.exists(request.getCollectionName())))
                .setTime(stopwatch.seconds())
                .build());
  }

  @Override
  public void listAliases(
      ListAliasesRequest request, StreamObserver<ListAliasesResponse> observer) {
    Unary.run(observer, stopwatch -> aliases(collections.aliases(), stopwatch));
  }

  @Override
  public void listCollectionAliases(
      ListCollectionAliasesRequest request, StreamObserver<ListAliasesResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> aliases(collections.aliases(request.getCollectionName()), stopwatch));
  }

  private static ListAliasesResponse aliases(
      List<CollectionAlias> aliases, Unary.Stopwatch stopwatch) {
    ListAliasesResponse.Builder answer = ListAliasesResponse.newBuilder();
    for (CollectionAlias alias : aliases) {
      answer.addAliases(
          AliasDescription.newBuilder()
              .setAliasName(alias.alias())
              .setCollectionName(alias.collection()));
    }
    return answer.setTime(stopwatch.seconds()).build();
  }

  @Override
  public void collectionClusterInfo(
      CollectionClusterInfoRequest request,
      StreamObserver<CollectionClusterInfoResponse> observer) {
    Unary.run(
        observer,
        stopwatch ->
            CollectionAnswers.shards(collections.clusterInfo(request.getCollectionName()))
                .setTime(stopwatch.seconds())
                .build());
  }

  @Override
  public void updateCollectionClusterSetup(
      UpdateCollectionClusterSetupRequest request,
      StreamObserver<UpdateCollectionClusterSetupResponse> observer) {
    Unary.run(observer, CollectionsRpc::refuseStandalone);
  }

  @Override
  public void createShardKey(
      CreateShardKeyRequest request, StreamObserver<CreateShardKeyResponse> observer) {
    Unary.run(observer, CollectionsRpc::refuseStandalone);
  }

  @Override
  public void deleteShardKey(
      DeleteShardKeyRequest request, StreamObserver<DeleteShardKeyResponse> observer) {
    Unary.run(observer, CollectionsRpc::refuseStandalone);
  }

  @SuppressWarnings("TypeParameterUnusedInFormals") // It never returns.
  private static <T> T refuseStandalone(Unary.Stopwatch stopwatch) {
    throw Standalone.refusal();
  }

  /** There are none: shards are numbered, not named. */
  @Override
  public void listShardKeys(
      ListShardKeysRequest request, StreamObserver<ListShardKeysResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> {
          if (!collections.exists(request.getCollectionName())) {
            throw EddyException.notFound(
                "Collection `" + request.getCollectionName() + "` doesn't exist!");
          }
          return ListShardKeysResponse.newBuilder().setTime(stopwatch.seconds()).build();
        });
  }
}
