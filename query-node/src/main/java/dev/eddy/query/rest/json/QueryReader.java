package dev.eddy.query.rest.json;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.query.Example;
import dev.eddy.model.query.GroupQuery;
import dev.eddy.model.query.LookupLocation;
import dev.eddy.model.query.PointQuery;
import dev.eddy.model.query.Prefetch;
import dev.eddy.model.query.Query;
import dev.eddy.model.query.SearchParams;
import dev.eddy.text.inference.Purpose;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Queries of {@code points/query}, and the older searches, recommendations and discoveries. */
public final class QueryReader {
  /** More hits than this can't be asked for: limit and offset together stay an int. */
  static final int HITS_MAX = (1 << 30) - 1;

  private final JsonBody body;
  private final VectorReader vectors;
  private List<Prefetch> prefetch = List.of();
  private @Nullable Query query;
  private List<Example> positive = List.of();
  private List<Example> negative = List.of();
  private Query.Strategy strategy = Query.Strategy.AVERAGE_VECTOR;
  private @Nullable Example target;
  private List<Query.Pair> context = List.of();
  private String using = Vectors.UNNAMED;
  private @Nullable Filter filter;
  private SearchParams params = SearchParams.DEFAULT;
  private @Nullable Integer limit;
  private int offset;
  private @Nullable Float scoreThreshold;
  private @Nullable LookupLocation lookupFrom;
  private PayloadSelector payload = PayloadSelector.None.NONE;
  private VectorSelector vectorSelector = VectorSelector.None.NONE;

  private QueryReader(JsonBody body) {
    this.body = body;
    this.vectors = new VectorReader(body, Purpose.ASKED);
  }

  /** A query of {@code points/query}. */
  public static PointQuery query(JsonBody body) throws IOException {
    QueryReader reader = new QueryReader(body);
    body.object("struct QueryRequest", reader::queryField);
    return reader.build(reader.limit == null ? PointQuery.LIMIT_DEFAULT : reader.limit);
  }

  /** A search of {@code points/search}. */
  public static PointQuery search(JsonBody body) throws IOException {
    QueryReader reader = new QueryReader(body);
    body.object("struct SearchRequest", reader::searchField);
    if (reader.query == null || reader.limit == null) {
      throw body.missing(reader.query == null ? "vector" : "limit");
    }
    return reader.build(reader.limit);
  }

  /** A query of {@code points/query/groups}. */
  public static GroupQuery queryGroups(JsonBody body) throws IOException {
    QueryReader reader = new QueryReader(body);
    GroupReader groups = new GroupReader(body);
    body.object(
        "struct QueryGroupsRequest", field -> reader.groupField(groups, field, reader::queryField));
    return groups.build(reader.build(1), reader.limit);
  }

  /** A search of {@code points/search/groups}. */
  public static GroupQuery searchGroups(JsonBody body) throws IOException {
    QueryReader reader = new QueryReader(body);
    GroupReader groups = new GroupReader(body);
    body.object(
        "struct SearchGroupsRequest",
        field -> reader.groupField(groups, field, reader::searchField));
    if (reader.query == null) {
      throw body.missing("vector");
    }
    return groups.required(reader.build(1), reader.limit);
  }

  /** A recommendation of {@code points/recommend/groups}. */
  public static GroupQuery recommendGroups(JsonBody body) throws IOException {
    QueryReader reader = new QueryReader(body);
    GroupReader groups = new GroupReader(body);
    body.object(
        "struct RecommendGroupsRequest",
        field -> reader.groupField(groups, field, reader::recommendField));
    reader.query = reader.recommended();
    return groups.required(reader.build(1), reader.limit);
  }

  private void groupField(GroupReader groups, String field, JsonBody.FieldReader otherwise)
      throws IOException {
    if (field.equals("offset")) {
      body.skip(); // Groups have none.
    } else if (!groups.read(field)) {
      otherwise.read(field);
    }
  }

  /** A recommendation of {@code points/recommend}. */
  public static PointQuery recommend(JsonBody body) throws IOException {
    QueryReader reader = new QueryReader(body);
    body.object("struct RecommendRequest", reader::recommendField);
    if (reader.limit == null) {
      throw body.missing("limit");
    }
    reader.query = reader.recommended();
    return reader.build(reader.limit);
  }

  private Query recommended() {
    return new Query.Recommend(positive, negative, strategy);
  }

  /** A discovery of {@code points/discover}; without a target it is one by its pairs alone. */
  public static PointQuery discover(JsonBody body) throws IOException {
    QueryReader reader = new QueryReader(body);
    body.object("struct DiscoverRequest", reader::discoverField);
    if (reader.limit == null) {
      throw body.missing("limit");
    }
    if (reader.target == null && reader.context.isEmpty()) {
      body.conflict(EddyException.badRequest("No target or context provided"));
    }
    reader.query =
        reader.target == null
            ? new Query.Context(reader.context)
            : new Query.Discover(reader.target, reader.context);
    return reader.build(reader.limit);
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

  private PointQuery build(int hits) {
    return new PointQuery(
        prefetch,
        query,
        using,
        filter,
        params,
        hits,
        offset,
        scoreThreshold,
        lookupFrom,
        payload,
        vectorSelector);
  }

  private void queryField(String field) throws IOException {
    switch (field) {
      case "query" -> query = new QueryKindReader(body, vectors).read();
      case "using" -> using = body.string();
      case "prefetch" -> prefetch = new PrefetchReader(body, vectors).read();
      case "lookup_from" -> lookupFrom = LookupReader.read(body);
      default -> commonField(field);
    }
  }

  private void searchField(String field) throws IOException {
    switch (field) {
      case "vector" -> query = namedVector();
      case "top" -> commonField("limit");
      default -> commonField(field);
    }
  }

  private void recommendField(String field) throws IOException {
    QueryKindReader kinds = new QueryKindReader(body, vectors);
    switch (field) {
      case "positive" -> positive = kinds.examples();
      case "negative" -> negative = kinds.examples();
      case "strategy" -> strategy = QueryKindReader.strategy(body);
      case "using" -> using = body.string();
      case "lookup_from" -> lookupFrom = LookupReader.read(body);
      case "top" -> commonField("limit");
      default -> commonField(field);
    }
  }

  private void discoverField(String field) throws IOException {
    QueryKindReader kinds = new QueryKindReader(body, vectors);
    switch (field) {
      case "target" -> target = kinds.example();
      case "context" -> context = kinds.pairs();
      case "using" -> using = body.string();
      case "lookup_from" -> lookupFrom = LookupReader.read(body);
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

  private Query nearest() throws IOException {
    return new Query.Nearest(new QueryKindReader(body, vectors).example(), null);
  }

  /** {@code [..]} or {@code {"name": .., "vector": [..]}}. */
  private Query namedVector() throws IOException {
    if (body.isArray()) {
      return nearest();
    }
    if (!body.isObject()) {
      throw body.noVariant("NamedVectorStruct");
    }
    var draft =
        new Object() {
          @Nullable String name;
          @Nullable Query query;
        };
    body.object(
        "struct NamedVector",
        field -> {
          switch (field) {
            case "name" -> draft.name = body.string();
            case "vector" -> draft.query = nearest();
            default -> body.skip();
          }
        });
    if (draft.name == null || draft.query == null) {
      throw body.noVariant("NamedVectorStruct");
    }
    using = draft.name;
    return draft.query;
  }
}
