package dev.eddy.query.grpc;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.query.PointQuery;
import dev.eddy.model.query.ReadOptions;
import dev.eddy.model.query.ScoredPoint;
import dev.eddy.proto.qdrant.BatchResult;
import dev.eddy.proto.qdrant.CountPoints;
import dev.eddy.proto.qdrant.CountResponse;
import dev.eddy.proto.qdrant.CountResult;
import dev.eddy.proto.qdrant.GetPoints;
import dev.eddy.proto.qdrant.GetResponse;
import dev.eddy.proto.qdrant.QueryBatchPoints;
import dev.eddy.proto.qdrant.QueryBatchResponse;
import dev.eddy.proto.qdrant.QueryPoints;
import dev.eddy.proto.qdrant.QueryResponse;
import dev.eddy.proto.qdrant.ReadConsistency;
import dev.eddy.proto.qdrant.ScrollPoints;
import dev.eddy.proto.qdrant.ScrollResponse;
import dev.eddy.proto.qdrant.SearchBatchPoints;
import dev.eddy.proto.qdrant.SearchBatchResponse;
import dev.eddy.proto.qdrant.SearchPoints;
import dev.eddy.proto.qdrant.SearchResponse;
import dev.eddy.proto.qdrant.mapping.PageRequest;
import dev.eddy.proto.qdrant.mapping.QdrantAnswers;
import dev.eddy.proto.qdrant.mapping.QdrantQueries;
import dev.eddy.proto.qdrant.mapping.RuleBook;
import dev.eddy.query.read.Answer;
import dev.eddy.query.read.ReadService;
import dev.eddy.query.read.ScrollPage;
import dev.eddy.query.read.ScrollQuery;
import io.grpc.stub.StreamObserver;
import java.util.List;

/** Reads of the Points service. Safe from any thread. */
final class PointReads {
  private final ReadService reads;

  PointReads(ReadService reads) {
    this.reads = requireNonNull(reads, "reads");
  }

  void get(GetPoints request, StreamObserver<GetResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> {
          Answer<List<StoredPoint>> answer =
              reads.retrieve(
                  about(request.getCollectionName()),
                  QdrantQueries.ids(request),
                  QdrantQueries.payload(request),
                  QdrantQueries.vectors(request),
                  options(
                      request.hasReadConsistency(), request.getReadConsistency(),
                      request.hasTimeout(), request.getTimeout()));
          GetResponse.Builder response = GetResponse.newBuilder();
          covered(answer).forEach(point -> response.addResult(QdrantAnswers.retrieved(point)));
          return response.setTime(stopwatch.seconds()).build();
        });
  }

  void scroll(ScrollPoints request, StreamObserver<ScrollResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> {
          PageRequest page = QdrantQueries.scroll(request);
          ScrollPage answer =
              covered(
                  reads.scroll(
                      about(request.getCollectionName()),
                      new ScrollQuery(
                          page.from(),
                          page.limit(),
                          page.filter(),
                          page.payload(),
                          page.vectors(),
                          page.order()),
                      options(
                          request.hasReadConsistency(), request.getReadConsistency(),
                          request.hasTimeout(), request.getTimeout())));
          ScrollResponse.Builder response = ScrollResponse.newBuilder();
          for (int i = 0; i < answer.points().size(); i++) {
            response.addResult(
                QdrantAnswers.retrieved(answer.points().get(i), answer.orderValue(i)));
          }
          answer.next().ifPresent(id -> response.setNextPageOffset(QdrantAnswers.id(id)));
          return response.setTime(stopwatch.seconds()).build();
        });
  }

  void count(CountPoints request, StreamObserver<CountResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> {
          long count =
              covered(
                  reads.count(
                      about(request.getCollectionName()),
                      QdrantQueries.filter(request),
                      QdrantQueries.isExact(request),
                      options(
                          request.hasReadConsistency(), request.getReadConsistency(),
                          request.hasTimeout(), request.getTimeout())));
          return CountResponse.newBuilder()
              .setResult(CountResult.newBuilder().setCount(count))
              .setTime(stopwatch.seconds())
              .build();
        });
  }

  void query(QueryPoints request, StreamObserver<QueryResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> {
          List<List<ScoredPoint>> hits =
              hits(
                  about(request.getCollectionName()),
                  List.of(QdrantQueries.query(request)),
                  options(
                      request.hasReadConsistency(), request.getReadConsistency(),
                      request.hasTimeout(), request.getTimeout()));
          QueryResponse.Builder response = QueryResponse.newBuilder();
          hits.getFirst().forEach(hit -> response.addResult(QdrantAnswers.scored(hit)));
          return response.setTime(stopwatch.seconds()).build();
        });
  }

  void queryBatch(QueryBatchPoints request, StreamObserver<QueryBatchResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> {
          List<PointQuery> queries =
              request.getQueryPointsList().stream().map(QdrantQueries::query).toList();
          List<List<ScoredPoint>> hits =
              hits(
                  about(request.getCollectionName()),
                  queries,
                  options(
                      request.hasReadConsistency(), request.getReadConsistency(),
                      request.hasTimeout(), request.getTimeout()));
          QueryBatchResponse.Builder response = QueryBatchResponse.newBuilder();
          hits.forEach(each -> response.addResult(batchResult(each)));
          return response.setTime(stopwatch.seconds()).build();
        });
  }

  void search(SearchPoints request, StreamObserver<SearchResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> {
          List<List<ScoredPoint>> hits =
              hits(
                  about(request.getCollectionName()),
                  List.of(QdrantQueries.search(request)),
                  options(
                      request.hasReadConsistency(), request.getReadConsistency(),
                      request.hasTimeout(), request.getTimeout()));
          SearchResponse.Builder response = SearchResponse.newBuilder();
          hits.getFirst().forEach(hit -> response.addResult(QdrantAnswers.scored(hit)));
          return response.setTime(stopwatch.seconds()).build();
        });
  }

  void searchBatch(SearchBatchPoints request, StreamObserver<SearchBatchResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> {
          List<PointQuery> queries =
              request.getSearchPointsList().stream().map(QdrantQueries::search).toList();
          List<List<ScoredPoint>> hits =
              hits(
                  about(request.getCollectionName()),
                  queries,
                  options(
                      request.hasReadConsistency(), request.getReadConsistency(),
                      request.hasTimeout(), request.getTimeout()));
          SearchBatchResponse.Builder response = SearchBatchResponse.newBuilder();
          hits.forEach(each -> response.addResult(batchResult(each)));
          return response.setTime(stopwatch.seconds()).build();
        });
  }

  private List<List<ScoredPoint>> hits(
      String collection, List<PointQuery> queries, ReadOptions options) {
    return covered(reads.query(collection, queries, options));
  }

  static BatchResult batchResult(List<ScoredPoint> hits) {
    BatchResult.Builder result = BatchResult.newBuilder();
    hits.forEach(hit -> result.addResult(QdrantAnswers.scored(hit)));
    return result.build();
  }

  static String about(String collection) {
    CallScope.current().about(collection);
    return collection;
  }

  static <T> T covered(Answer<T> answer) {
    CallScope.current().covers(answer.coverage());
    return answer.value();
  }

  /** What is read last of every request: all rules that it breaks are told now. */
  static ReadOptions options(
      boolean hasConsistency,
      ReadConsistency consistency,
      boolean hasTimeout,
      long timeoutSeconds) {
    ReadOptions options =
        QdrantQueries.options(
            hasConsistency ? consistency : null,
            hasTimeout ? (Long) timeoutSeconds : null,
            CallScope.current().token());
    RuleBook.check();
    return options;
  }
}
