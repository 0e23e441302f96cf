package dev.eddy.query.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.query.DistanceMatrix;
import dev.eddy.model.query.FacetHit;
import dev.eddy.model.query.GroupQuery;
import dev.eddy.model.query.PointGroup;
import dev.eddy.model.query.PointQuery;
import dev.eddy.model.query.ReadOptions;
import dev.eddy.model.query.ScoredPoint;
import dev.eddy.query.read.Answer;
import dev.eddy.query.read.Coverage;
import dev.eddy.query.read.ReadService;
import dev.eddy.query.rest.json.GroupWriter;
import dev.eddy.query.rest.json.JsonBody;
import dev.eddy.query.rest.json.PointWriter;
import dev.eddy.query.rest.json.QueryReader;
import dev.eddy.query.rest.json.ScrollReader;
import java.io.IOException;
import java.util.List;

/** Everything that reads points. Each answer says in its headers which positions it covers. */
final class ReadRoutes {
  private static final String POINTS = "/collections/{collection_name}/points";

  /** The original wraps a query in another object, and its clients know that path. */
  private static final String QUERY_PATH_PREFIX = "internal.";

  private final ReadService reads;

  ReadRoutes(ReadService reads) {
    this.reads = reads;
  }

  List<Route> routes() {
    return List.of(
        Route.measured("GET", POINTS + "/{id}", this::get),
        Route.measured("POST", POINTS, this::retrieve),
        Route.measured("POST", POINTS + "/scroll", this::scroll),
        Route.measured("POST", POINTS + "/count", this::count),
        Route.measured("POST", POINTS + "/query", this::query),
        Route.measured("POST", POINTS + "/query/batch", this::queryBatch),
        Route.measured(
            "POST",
            POINTS + "/query/groups",
            request -> groups(request, QUERY_PATH_PREFIX, QueryReader::queryGroups)),
        hits("/search", QueryReader::search),
        hitsBatch("/search/batch", QueryReader::search),
        Route.measured(
            "POST",
            POINTS + "/search/groups",
            request -> groups(request, "", QueryReader::searchGroups)),
        hits("/recommend", QueryReader::recommend),
        hitsBatch("/recommend/batch", QueryReader::recommend),
        Route.measured(
            "POST",
            POINTS + "/recommend/groups",
            request -> groups(request, "", QueryReader::recommendGroups)),
        hits("/discover", QueryReader::discover),
        hitsBatch("/discover/batch", QueryReader::discover),
        matrix("/search/matrix/pairs", GroupWriter::pairs),
        matrix("/search/matrix/offsets", GroupWriter::offsets),
        Route.measured("POST", "/collections/{collection_name}/facet", this::facet));
  }

  private Reply get(RestRequest request) {
    PointId id = PointId.parse(request.path("id"));
    Answer<StoredPoint> answer = reads.point(request.collection(), id, request.readOptions());
    return covered(
        Reply.ok(request, generator -> PointWriter.record(generator, answer.value())),
        answer.coverage());
  }

  private Reply retrieve(RestRequest request) throws IOException {
    ReadOptions options = request.readOptions();
    ScrollReader.Retrieve body = request.body(ScrollReader::retrieve);
    Answer<List<StoredPoint>> answer =
        reads.retrieve(request.collection(), body.ids(), body.payload(), body.vectors(), options);
    return covered(
        Reply.ok(request, generator -> PointWriter.records(generator, answer.value())),
        answer.coverage());
  }

  private Reply scroll(RestRequest request) throws IOException {
    ReadOptions options = request.readOptions();
    var query = request.body(ScrollReader::scroll);
    var answer = reads.scroll(request.collection(), query, options);
    return covered(
        Reply.ok(request, generator -> PointWriter.page(generator, answer.value())),
        answer.coverage());
  }

  private Reply count(RestRequest request) throws IOException {
    ReadOptions options = request.readOptions();
    ScrollReader.Count body = request.body(ScrollReader::count);
    Answer<Long> answer = reads.count(request.collection(), body.filter(), body.exact(), options);
    return covered(
        Reply.ok(
            request,
            generator -> {
              generator.writeStartObject();
              generator.writeNumberField("count", answer.value());
              generator.writeEndObject();
            }),
        answer.coverage());
  }

  private Reply query(RestRequest request) throws IOException {
    ReadOptions options = request.readOptions();
    PointQuery query = request.body(QUERY_PATH_PREFIX, QueryReader::query);
    Answer<List<List<ScoredPoint>>> answer =
        reads.query(request.collection(), List.of(query), options);
    List<ScoredPoint> hits = answer.value().getFirst();
    return covered(
        Reply.ok(request, generator -> PointWriter.queryResponse(generator, hits)),
        answer.coverage());
  }

  private Reply queryBatch(RestRequest request) throws IOException {
    ReadOptions options = request.readOptions();
    List<PointQuery> queries = request.body(body -> QueryReader.batch(body, QueryReader::query));
    Answer<List<List<ScoredPoint>>> answer = reads.query(request.collection(), queries, options);
    return covered(
        Reply.ok(
            request,
            generator -> {
              generator.writeStartArray();
              for (List<ScoredPoint> hits : answer.value()) {
                PointWriter.queryResponse(generator, hits);
              }
              generator.writeEndArray();
            }),
        answer.coverage());
  }

  /** An older operation, that answers with the list of hits. */
  private Route hits(String path, JsonBody.Reader<PointQuery> reader) {
    return Route.measured(
        "POST",
        POINTS + path,
        request -> {
          ReadOptions options = request.readOptions();
          PointQuery query = request.body(reader);
          Answer<List<List<ScoredPoint>>> answer =
              reads.query(request.collection(), List.of(query), options);
          List<ScoredPoint> hits = answer.value().getFirst();
          return covered(
              Reply.ok(request, generator -> PointWriter.hits(generator, hits)), answer.coverage());
        });
  }

  private Route hitsBatch(String path, JsonBody.Reader<PointQuery> reader) {
    return Route.measured(
        "POST",
        POINTS + path,
        request -> {
          ReadOptions options = request.readOptions();
          List<PointQuery> queries = request.body(body -> QueryReader.batch(body, reader));
          Answer<List<List<ScoredPoint>>> answer =
              reads.query(request.collection(), queries, options);
          return covered(
              Reply.ok(
                  request,
                  generator -> {
                    generator.writeStartArray();
                    for (List<ScoredPoint> hits : answer.value()) {
                      PointWriter.hits(generator, hits);
                    }
                    generator.writeEndArray();
                  }),
              answer.coverage());
        });
  }

  private Reply groups(RestRequest request, String pathPrefix, JsonBody.Reader<GroupQuery> reader)
      throws IOException {
    ReadOptions options = request.readOptions();
    GroupQuery query = request.body(pathPrefix, reader);
    Answer<List<PointGroup>> answer = reads.groups(request.collection(), query, options);
    return covered(
        Reply.ok(request, generator -> GroupWriter.groups(generator, answer.value())),
        answer.coverage());
  }

  /** Writes a matrix in one of its forms. */
  private interface MatrixForm {
    void write(JsonGenerator generator, DistanceMatrix matrix) throws IOException;
  }

  private Route matrix(String path, MatrixForm form) {
    return Route.measured(
        "POST",
        POINTS + path,
        request -> {
          ReadOptions options = request.readOptions();
          Answer<DistanceMatrix> answer =
              reads.matrix(request.collection(), request.body(ScrollReader::matrix), options);
          return covered(
              Reply.ok(request, generator -> form.write(generator, answer.value())),
              answer.coverage());
        });
  }

  private Reply facet(RestRequest request) throws IOException {
    ReadOptions options = request.readOptions();
    Answer<List<FacetHit>> answer =
        reads.facet(request.collection(), request.body(ScrollReader::facet), options);
    return covered(
        Reply.ok(request, generator -> GroupWriter.facets(generator, answer.value())),
        answer.coverage());
  }

  private static Reply covered(Reply reply, Coverage coverage) {
    return reply
        .header("Eddy-Positions", coverage.positionsText())
        .header("Eddy-Shards", coverage.shardsAnswered() + "/" + coverage.shardsAsked());
  }
}
