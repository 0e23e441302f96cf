package dev.eddy.query.grpc;

import dev.eddy.proto.qdrant.ClearPayloadPoints;
import dev.eddy.proto.qdrant.CountPoints;
import dev.eddy.proto.qdrant.CountResponse;
import dev.eddy.proto.qdrant.CreateFieldIndexCollection;
import dev.eddy.proto.qdrant.CreateVectorNameRequest;
import dev.eddy.proto.qdrant.DeleteFieldIndexCollection;
import dev.eddy.proto.qdrant.DeletePayloadPoints;
import dev.eddy.proto.qdrant.DeletePointVectors;
import dev.eddy.proto.qdrant.DeletePoints;
import dev.eddy.proto.qdrant.DeleteVectorNameRequest;
import dev.eddy.proto.qdrant.DiscoverBatchPoints;
import dev.eddy.proto.qdrant.DiscoverBatchResponse;
import dev.eddy.proto.qdrant.DiscoverPoints;
import dev.eddy.proto.qdrant.DiscoverResponse;
import dev.eddy.proto.qdrant.FacetCounts;
import dev.eddy.proto.qdrant.FacetResponse;
import dev.eddy.proto.qdrant.GetPoints;
import dev.eddy.proto.qdrant.GetResponse;
import dev.eddy.proto.qdrant.PointsGrpc;
import dev.eddy.proto.qdrant.PointsOperationResponse;
import dev.eddy.proto.qdrant.QueryBatchPoints;
import dev.eddy.proto.qdrant.QueryBatchResponse;
import dev.eddy.proto.qdrant.QueryGroupsResponse;
import dev.eddy.proto.qdrant.QueryPointGroups;
import dev.eddy.proto.qdrant.QueryPoints;
import dev.eddy.proto.qdrant.QueryResponse;
import dev.eddy.proto.qdrant.RecommendBatchPoints;
import dev.eddy.proto.qdrant.RecommendBatchResponse;
import dev.eddy.proto.qdrant.RecommendGroupsResponse;
import dev.eddy.proto.qdrant.RecommendPointGroups;
import dev.eddy.proto.qdrant.RecommendPoints;
import dev.eddy.proto.qdrant.RecommendResponse;
import dev.eddy.proto.qdrant.ScrollPoints;
import dev.eddy.proto.qdrant.ScrollResponse;
import dev.eddy.proto.qdrant.SearchBatchPoints;
import dev.eddy.proto.qdrant.SearchBatchResponse;
import dev.eddy.proto.qdrant.SearchGroupsResponse;
import dev.eddy.proto.qdrant.SearchMatrixOffsetsResponse;
import dev.eddy.proto.qdrant.SearchMatrixPairsResponse;
import dev.eddy.proto.qdrant.SearchMatrixPoints;
import dev.eddy.proto.qdrant.SearchPointGroups;
import dev.eddy.proto.qdrant.SearchPoints;
import dev.eddy.proto.qdrant.SearchResponse;
import dev.eddy.proto.qdrant.SetPayloadPoints;
import dev.eddy.proto.qdrant.UpdateBatchPoints;
import dev.eddy.proto.qdrant.UpdateBatchResponse;
import dev.eddy.proto.qdrant.UpdatePointVectors;
import dev.eddy.proto.qdrant.UpsertPoints;
import dev.eddy.proto.qdrant.mapping.QdrantDeclarations;
import dev.eddy.proto.qdrant.mapping.QdrantUpdates;
import dev.eddy.query.grpc.PointWrites.Head;
import dev.eddy.query.read.ReadService;
import dev.eddy.query.write.WriteService;
import io.grpc.stub.StreamObserver;

/** The Points service. What is not overridden here is not built and says so by its name. */
final class PointsRpc extends PointsGrpc.PointsImplBase {
  private final PointWrites writes;
  private final PointReads reads;
  private final PointRankings rankings;

  PointsRpc(WriteService writes, ReadService reads) {
    this.writes = new PointWrites(writes);
    this.reads = new PointReads(reads);
    this.rankings = new PointRankings(reads);
  }

  @Override
  public void upsert(UpsertPoints request, StreamObserver<PointsOperationResponse> observer) {
    Head head =
        new Head(
            request.getCollectionName(),
            request.getWait(),
            request.hasTimeout(),
            request.getTimeout());
    writes.write(observer, head, () -> QdrantUpdates.upsert(request));
  }

  @Override
  public void delete(DeletePoints request, StreamObserver<PointsOperationResponse> observer) {
    Head head =
        new Head(
            request.getCollectionName(),
            request.getWait(),
            request.hasTimeout(),
            request.getTimeout());
    writes.write(observer, head, () -> QdrantUpdates.delete(request));
  }

  @Override
  public void updateVectors(
      UpdatePointVectors request, StreamObserver<PointsOperationResponse> observer) {
    Head head =
        new Head(
            request.getCollectionName(),
            request.getWait(),
            request.hasTimeout(),
            request.getTimeout());
    writes.write(observer, head, () -> QdrantUpdates.updateVectors(request));
  }

  @Override
  public void deleteVectors(
      DeletePointVectors request, StreamObserver<PointsOperationResponse> observer) {
    Head head =
        new Head(
            request.getCollectionName(),
            request.getWait(),
            request.hasTimeout(),
            request.getTimeout());
    writes.write(observer, head, () -> QdrantUpdates.deleteVectors(request));
  }

  @Override
  public void setPayload(
      SetPayloadPoints request, StreamObserver<PointsOperationResponse> observer) {
    writes.write(observer, head(request), () -> QdrantUpdates.setPayload(request));
  }

  @Override
  public void overwritePayload(
      SetPayloadPoints request, StreamObserver<PointsOperationResponse> observer) {
    writes.write(observer, head(request), () -> QdrantUpdates.overwritePayload(request));
  }

  private static Head head(SetPayloadPoints request) {
    return new Head(
        request.getCollectionName(), request.getWait(), request.hasTimeout(), request.getTimeout());
  }

  @Override
  public void deletePayload(
      DeletePayloadPoints request, StreamObserver<PointsOperationResponse> observer) {
    Head head =
        new Head(
            request.getCollectionName(),
            request.getWait(),
            request.hasTimeout(),
            request.getTimeout());
    writes.write(observer, head, () -> QdrantUpdates.deletePayload(request));
  }

  @Override
  public void clearPayload(
      ClearPayloadPoints request, StreamObserver<PointsOperationResponse> observer) {
    Head head =
        new Head(
            request.getCollectionName(),
            request.getWait(),
            request.hasTimeout(),
            request.getTimeout());
    writes.write(observer, head, () -> QdrantUpdates.clearPayload(request));
  }

  @Override
  public void createFieldIndex(
      CreateFieldIndexCollection request, StreamObserver<PointsOperationResponse> observer) {
    Head head =
        new Head(
            request.getCollectionName(),
            request.getWait(),
            request.hasTimeout(),
            request.getTimeout());
    writes.declare(observer, head, () -> QdrantDeclarations.declareField(request));
  }

  @Override
  public void deleteFieldIndex(
      DeleteFieldIndexCollection request, StreamObserver<PointsOperationResponse> observer) {
    Head head =
        new Head(
            request.getCollectionName(),
            request.getWait(),
            request.hasTimeout(),
            request.getTimeout());
    writes.declare(observer, head, () -> QdrantDeclarations.dropField(request));
  }

  @Override
  public void createVectorName(
      CreateVectorNameRequest request, StreamObserver<PointsOperationResponse> observer) {
    Head head =
        new Head(
            request.getCollectionName(),
            request.getWait(),
            request.hasTimeout(),
            request.getTimeout());
    writes.declare(observer, head, () -> QdrantDeclarations.addVector(request));
  }

  @Override
  public void deleteVectorName(
      DeleteVectorNameRequest request, StreamObserver<PointsOperationResponse> observer) {
    Head head =
        new Head(
            request.getCollectionName(),
            request.getWait(),
            request.hasTimeout(),
            request.getTimeout());
    writes.declare(observer, head, () -> QdrantDeclarations.dropVector(request));
  }

  @Override
  public void updateBatch(UpdateBatchPoints request, StreamObserver<UpdateBatchResponse> observer) {
    writes.batch(request, observer);
  }

  @Override
  public void get(GetPoints request, StreamObserver<GetResponse> observer) {
    reads.get(request, observer);
  }

  @Override
  public void scroll(ScrollPoints request, StreamObserver<ScrollResponse> observer) {
    reads.scroll(request, observer);
  }

  @Override
  public void count(CountPoints request, StreamObserver<CountResponse> observer) {
    reads.count(request, observer);
  }

  @Override
  public void query(QueryPoints request, StreamObserver<QueryResponse> observer) {
    reads.query(request, observer);
  }

  @Override
  public void queryBatch(QueryBatchPoints request, StreamObserver<QueryBatchResponse> observer) {
    reads.queryBatch(request, observer);
  }

  @Override
  @SuppressWarnings("deprecation") // Older clients know no other.
  public void search(SearchPoints request, StreamObserver<SearchResponse> observer) {
    reads.search(request, observer);
  }

  @Override
  @SuppressWarnings("deprecation") // Older clients know no other.
  public void searchBatch(SearchBatchPoints request, StreamObserver<SearchBatchResponse> observer) {
    reads.searchBatch(request, observer);
  }

  @Override
  @SuppressWarnings("deprecation") // Older clients know no other.
  public void recommend(RecommendPoints request, StreamObserver<RecommendResponse> observer) {
    rankings.recommend(request, observer);
  }

  @Override
  @SuppressWarnings("deprecation") // Older clients know no other.
  public void recommendBatch(
      RecommendBatchPoints request, StreamObserver<RecommendBatchResponse> observer) {
    rankings.recommendBatch(request, observer);
  }

  @Override
  @SuppressWarnings("deprecation") // Older clients know no other.
  public void recommendGroups(
      RecommendPointGroups request, StreamObserver<RecommendGroupsResponse> observer) {
    rankings.recommendGroups(request, observer);
  }

  @Override
  @SuppressWarnings("deprecation") // Older clients know no other.
  public void discover(DiscoverPoints request, StreamObserver<DiscoverResponse> observer) {
    rankings.discover(request, observer);
  }

  @Override
  @SuppressWarnings("deprecation") // Older clients know no other.
  public void discoverBatch(
      DiscoverBatchPoints request, StreamObserver<DiscoverBatchResponse> observer) {
    rankings.discoverBatch(request, observer);
  }

  @Override
  @SuppressWarnings("deprecation") // Older clients know no other.
  public void searchGroups(
      SearchPointGroups request, StreamObserver<SearchGroupsResponse> observer) {
    rankings.searchGroups(request, observer);
  }

  @Override
  public void queryGroups(QueryPointGroups request, StreamObserver<QueryGroupsResponse> observer) {
    rankings.queryGroups(request, observer);
  }

  @Override
  public void facet(FacetCounts request, StreamObserver<FacetResponse> observer) {
    rankings.facet(request, observer);
  }

  @Override
  public void searchMatrixPairs(
      SearchMatrixPoints request, StreamObserver<SearchMatrixPairsResponse> observer) {
    rankings.searchMatrixPairs(request, observer);
  }

  @Override
  public void searchMatrixOffsets(
      SearchMatrixPoints request, StreamObserver<SearchMatrixOffsetsResponse> observer) {
    rankings.searchMatrixOffsets(request, observer);
  }
}
