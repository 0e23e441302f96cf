package dev.eddy.query.grpc;

import static dev.eddy.query.grpc.PointReads.about;
import static dev.eddy.query.grpc.PointReads.covered;
import static dev.eddy.query.grpc.PointReads.options;
import static java.util.Objects.requireNonNull;

import dev.eddy.model.query.DistanceMatrix;
import dev.eddy.model.query.FacetHit;
import dev.eddy.model.query.PointGroup;
import dev.eddy.model.query.PointQuery;
import dev.eddy.model.query.ScoredPoint;
import dev.eddy.proto.qdrant.DiscoverBatchPoints;
import dev.eddy.proto.qdrant.DiscoverBatchResponse;
import dev.eddy.proto.qdrant.DiscoverPoints;
import dev.eddy.proto.qdrant.DiscoverResponse;
import dev.eddy.proto.qdrant.FacetCounts;
import dev.eddy.proto.qdrant.FacetResponse;
import dev.eddy.proto.qdrant.QueryGroupsResponse;
import dev.eddy.proto.qdrant.QueryPointGroups;
import dev.eddy.proto.qdrant.RecommendBatchPoints;
import dev.eddy.proto.qdrant.RecommendBatchResponse;
import dev.eddy.proto.qdrant.RecommendGroupsResponse;
import dev.eddy.proto.qdrant.RecommendPointGroups;
import dev.eddy.proto.qdrant.RecommendPoints;
import dev.eddy.proto.qdrant.RecommendResponse;
import dev.eddy.proto.qdrant.SearchGroupsResponse;
import dev.eddy.proto.qdrant.SearchMatrixOffsetsResponse;
import dev.eddy.proto.qdrant.SearchMatrixPairsResponse;
import dev.eddy.proto.qdrant.SearchMatrixPoints;
import dev.eddy.proto.qdrant.SearchPointGroups;
import dev.eddy.proto.qdrant.mapping.QdrantAnswers;
import dev.eddy.proto.qdrant.mapping.QdrantOlderQueries;
import dev.eddy.query.read.ReadService;
import io.grpc.stub.StreamObserver;
import java.util.List;

/**
 * Recommendations, discoveries, groups, facets and matrices of the Points service. Safe from any
 * thread.
 */
final class PointRankings {
  private final ReadService reads;

  PointRankings(ReadService reads) {
    this.reads = requireNonNull(reads, "reads");
  }

  void recommend(RecommendPoints request, StreamObserver<RecommendResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> {
          List<ScoredPoint> hits =
              covered(
                      reads.query(
                          about(request.getCollectionName()),
                          List.of(QdrantOlderQueries.recommend(request)),
                          options(
                              request.hasReadConsistency(), request.getReadConsistency(),
                              request.hasTimeout(), request.getTimeout())))
                  .getFirst();
          RecommendResponse.Builder response = RecommendResponse.newBuilder();
          hits.forEach(hit -> response.addResult(QdrantAnswers.scored(hit)));
          return response.setTime(stopwatch.seconds()).build();
        });
  }

  void recommendBatch(
      RecommendBatchPoints request, StreamObserver<RecommendBatchResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> {
          List<PointQuery> queries =
              request.getRecommendPointsList().stream().map(QdrantOlderQueries::recommend).toList();
          List<List<ScoredPoint>> hits =
              covered(
                  reads.query(
                      about(request.getCollectionName()),
                      queries,
                      options(
                          request.hasReadConsistency(), request.getReadConsistency(),
                          request.hasTimeout(), request.getTimeout())));
          RecommendBatchResponse.Builder response = RecommendBatchResponse.newBuilder();
          hits.forEach(each -> response.addResult(PointReads.batchResult(each)));
          return response.setTime(stopwatch.seconds()).build();
        });
  }

  void recommendGroups(
      RecommendPointGroups request, StreamObserver<RecommendGroupsResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> {
          List<PointGroup> groups =
              covered(
                  reads.groups(
                      about(request.getCollectionName()),
                      QdrantOlderQueries.groups(request),
                      options(
                          request.hasReadConsistency(), request.getReadConsistency(),
                          request.hasTimeout(), request.getTimeout())));
          return RecommendGroupsResponse.newBuilder()
              .setResult(QdrantAnswers.groups(groups))
              .setTime(stopwatch.seconds())
              .build();
        });
  }

  void discover(DiscoverPoints request, StreamObserver<DiscoverResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> {
          List<ScoredPoint> hits =
              covered(
                      reads.query(
                          about(request.getCollectionName()),
                          List.of(QdrantOlderQueries.discover(request)),
                          options(
                              request.hasReadConsistency(), request.getReadConsistency(),
                              request.hasTimeout(), request.getTimeout())))
                  .getFirst();
          DiscoverResponse.Builder response = DiscoverResponse.newBuilder();
          hits.forEach(hit -> response.addResult(QdrantAnswers.scored(hit)));
          return response.setTime(stopwatch.seconds()).build();
        });
  }

  void discoverBatch(DiscoverBatchPoints request, StreamObserver<DiscoverBatchResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> {
          List<PointQuery> queries =
              request.getDiscoverPointsList().stream().map(QdrantOlderQueries::discover).toList();
          List<List<ScoredPoint>> hits =
              covered(
                  reads.query(
                      about(request.getCollectionName()),
                      queries,
                      options(
                          request.hasReadConsistency(), request.getReadConsistency(),
                          request.hasTimeout(), request.getTimeout())));
          DiscoverBatchResponse.Builder response = DiscoverBatchResponse.newBuilder();
          hits.forEach(each -> response.addResult(PointReads.batchResult(each)));
          return response.setTime(stopwatch.seconds()).build();
        });
  }

  void searchGroups(SearchPointGroups request, StreamObserver<SearchGroupsResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> {
          List<PointGroup> groups =
              covered(
                  reads.groups(
                      about(request.getCollectionName()),
                      QdrantOlderQueries.groups(request),
                      options(
                          request.hasReadConsistency(), request.getReadConsistency(),
                          request.hasTimeout(), request.getTimeout())));
          return SearchGroupsResponse.newBuilder()
              .setResult(QdrantAnswers.groups(groups))
              .setTime(stopwatch.seconds())
              .build();
        });
  }

  void queryGroups(QueryPointGroups request, StreamObserver<QueryGroupsResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> {
          List<PointGroup> groups =
              covered(
                  reads.groups(
                      about(request.getCollectionName()),
                      QdrantOlderQueries.groups(request),
                      options(
                          request.hasReadConsistency(), request.getReadConsistency(),
                          request.hasTimeout(), request.getTimeout())));
          return QueryGroupsResponse.newBuilder()
              .setResult(QdrantAnswers.groups(groups))
              .setTime(stopwatch.seconds())
              .build();
        });
  }

  void facet(FacetCounts request, StreamObserver<FacetResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> {
          List<FacetHit> hits =
              covered(
                  reads.facet(
                      about(request.getCollectionName()),
                      QdrantOlderQueries.facet(request),
                      options(
                          request.hasReadConsistency(), request.getReadConsistency(),
                          request.hasTimeout(), request.getTimeout())));
          FacetResponse.Builder response = FacetResponse.newBuilder();
          hits.forEach(hit -> response.addHits(QdrantAnswers.facet(hit)));
          return response.setTime(stopwatch.seconds()).build();
        });
  }

  void searchMatrixPairs(
      SearchMatrixPoints request, StreamObserver<SearchMatrixPairsResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> {
          DistanceMatrix matrix =
              covered(
                  reads.matrix(
                      about(request.getCollectionName()),
                      QdrantOlderQueries.matrix(request),
                      options(
                          request.hasReadConsistency(), request.getReadConsistency(),
                          request.hasTimeout(), request.getTimeout())));
          return SearchMatrixPairsResponse.newBuilder()
              .setResult(QdrantAnswers.pairs(matrix))
              .setTime(stopwatch.seconds())
              .build();
        });
  }

  void searchMatrixOffsets(
      SearchMatrixPoints request, StreamObserver<SearchMatrixOffsetsResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> {
          DistanceMatrix matrix =
              covered(
                  reads.matrix(
                      about(request.getCollectionName()),
                      QdrantOlderQueries.matrix(request),
                      options(
                          request.hasReadConsistency(), request.getReadConsistency(),
                          request.hasTimeout(), request.getTimeout())));
          return SearchMatrixOffsetsResponse.newBuilder()
              .setResult(QdrantAnswers.offsets(matrix))
              .setTime(stopwatch.seconds())
              .build();
        });
  }
}
