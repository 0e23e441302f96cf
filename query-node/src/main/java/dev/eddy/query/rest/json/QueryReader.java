package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonToken;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.query.SearchParams;
import dev.eddy.query.read.PointQuery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Queries of {@code points/query} and searches of the older {@code points/search}. */
public final class QueryReader {
  /** More hits than this can't be asked for: limit and offset together stay an int. */
  static final int HITS_MAX = (1 << 30) - 1;

  private final JsonBody body;
  private final VectorReader vectors;
  private PointQuery.@Nullable Target target;
  private String using = Vectors.UNNAMED;
  private @Nullable Filter filter;
  private SearchParams params = SearchParams.DEFAULT;
  private @Nullable Integer limit;
  private int offset;
  private @Nullable Float scoreThreshold;
  private PayloadSelector payload = PayloadSelector.None.NONE;
  private VectorSelector vectorSelector = VectorSelector.None.NONE;

  private QueryReader(JsonBody body) {
    this.body = body;
    this.vectors = new VectorReader(body);
  }

  /** A query of {@code points/query}. */
  public static PointQuery query(JsonBody body) throws IOException {
    QueryReader reader = new QueryReader(body);
    body.object("struct QueryRequest", reader::queryField);
    if (reader.target == null && reader.scoreThreshold != null) {
      body.conflict(
          EddyException.badRequest(
              "A query is needed to use the score_threshold. Can't have score_threshold without"
                  + " defining a query."));
    }
    PointQuery.Target target =
        reader.target == null ? PointQuery.Target.Everything.EVERYTHING : reader.target;
    int limit = reader.limit == null ? PointQuery.LIMIT_DEFAULT : reader.limit;
    return reader.build(target, limit);
  }

  /** A search of {@code points/search}. */
  public static PointQuery search(JsonBody body) throws IOException {
    QueryReader reader = new QueryReader(body);
    body.object("struct SearchRequest", reader::searchField);
    if (reader.target == null || reader.limit == null) {
      throw body.missing(reader.target == null ? "vector" : "limit");
    }
    return reader.build(reader.target, reader.limit);
  }

  /** {@code {"searches": [...]}}. */
  public static List<PointQuery> batch(JsonBody body, JsonBody.Reader<PointQuery> reader)
      throws IOException {
    var draft =
        new Object() {
          @Nullable List<PointQuery> queries;
        };
    body.object(
        "a batch of searches",
        field -> {
          if (field.equals("searches")) {
            List<PointQuery> queries = new ArrayList<>();
            body.array(() -> queries.add(reader.read(body)));
            draft.queries = queries;
          } else {
            body.skip();
          }
        });
    if (draft.queries == null) {
      throw body.missing("searches");
    }
    return draft.queries;
  }

  private PointQuery build(PointQuery.Target of, int hits) {
    return new PointQuery(
        of, using, filter, params, hits, offset, scoreThreshold, payload, vectorSelector);
  }

  private void queryField(String field) throws IOException {
    switch (field) {
      case "query" -> target = query();
      case "using" -> using = body.string();
      case "prefetch" -> body.refuseUnlessEmpty();
      case "lookup_from" -> body.refuse();
      default -> commonField(field);
    }
  }

  private void searchField(String field) throws IOException {
    switch (field) {
      case "vector" -> target = namedVector();
      case "top" -> commonField("limit");
      default -> commonField(field);
    }
  }

  private void commonField(String field) throws IOException {
    switch (field) {
      case "filter" -> filter = FilterReader.read(body);
      case "params" -> params = SearchParamsReader.read(body);
      case "limit" -> limit = (int) Math.min(HITS_MAX, body.countAtLeast(1));
      case "offset" -> offset = (int) Math.min(HITS_MAX, body.count());
      case "score_threshold" -> scoreThreshold = body.f32();
      case "with_payload" -> payload = SelectorReader.payload(body);
      case "with_vector", "with_vectors" -> vectorSelector = SelectorReader.vectors(body);
      case "shard_key" -> body.refuseUnlessEmpty();
      default -> body.skip();
    }
  }

  /** A bare id or vector, or an object that names its kind. */
  private PointQuery.Target query() throws IOException {
    if (!body.isObject()) {
      return nearest();
    }
    var draft =
        new Object() {
          PointQuery.@Nullable Target target;
          boolean isKnown;
        };
    String path = body.path();
    body.object(
        "a query",
        field -> {
          switch (field) {
            case "nearest" -> draft.target = nearest();
            case "mmr" -> body.refuseUnlessEmpty();
            case "recommend",
                "discover",
                "context",
                "order_by",
                "fusion",
                "rrf",
                "formula",
                "defaults",
                "sample",
                "relevance_feedback" -> {
              body.refuse();
              draft.isKnown = true;
            }
            case "indices", "values" -> {
              body.refuseAt(path + " (sparse vector)");
              body.skip();
              draft.isKnown = true;
            }
            case "text", "image", "object", "model", "options" -> {
              body.refuseAt(path + " (inference)");
              body.skip();
              draft.isKnown = true;
            }
            default -> body.skip();
          }
        });
    if (draft.target != null) {
      return draft.target;
    }
    if (!draft.isKnown) {
      throw body.noVariant("QueryInterface");
    }
    return PointQuery.Target.Everything.EVERYTHING;
  }

  private PointQuery.Target nearest() throws IOException {
    JsonToken token = body.token();
    if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_STRING) {
      return new PointQuery.Target.ById(PointIdReader.read(body));
    }
    if (!body.isArray() && !body.isObject()) {
      throw body.noVariant("VectorInput");
    }
    float[] values = vectors.single();
    return new PointQuery.Target.ByVector(values == null ? new float[0] : values);
  }

  /** {@code [..]} or {@code {"name": .., "vector": [..]}}. */
  private PointQuery.Target namedVector() throws IOException {
    if (body.isArray()) {
      return nearest();
    }
    if (!body.isObject()) {
      throw body.noVariant("NamedVectorStruct");
    }
    var draft =
        new Object() {
          @Nullable String name;
          PointQuery.@Nullable Target target;
        };
    body.object(
        "struct NamedVector",
        field -> {
          switch (field) {
            case "name" -> draft.name = body.string();
            case "vector" -> draft.target = nearest();
            default -> body.skip();
          }
        });
    if (draft.name == null || draft.target == null) {
      throw body.noVariant("NamedVectorStruct");
    }
    using = draft.name;
    return draft.target;
  }
}
