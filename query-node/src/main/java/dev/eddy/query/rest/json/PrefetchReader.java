package dev.eddy.query.rest.json;

import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.query.LookupLocation;
import dev.eddy.model.query.Prefetch;
import dev.eddy.model.query.Query;
import dev.eddy.model.query.SearchParams;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code prefetch} of a query: one or many, each a query of its own. */
final class PrefetchReader {
  private final JsonBody body;
  private final VectorReader vectors;

  PrefetchReader(JsonBody body, VectorReader vectors) {
    this.body = body;
    this.vectors = vectors;
  }

  List<Prefetch> read() throws IOException {
    List<Prefetch> prefetches = new ArrayList<>();
    body.oneOrMany(() -> prefetches.add(one()));
    return prefetches;
  }

  private Prefetch one() throws IOException {
    var draft =
        new Object() {
          List<Prefetch> prefetch = List.of();
          @Nullable Query query;
          String using = Vectors.UNNAMED;
          @Nullable Filter filter;
          SearchParams params = SearchParams.DEFAULT;
          int limit = Prefetch.LIMIT_DEFAULT;
          @Nullable Float scoreThreshold;
          @Nullable LookupLocation lookupFrom;
        };
    body.object(
        "struct Prefetch",
        field -> {
          switch (field) {
            case "prefetch" -> draft.prefetch = read();
            case "query" -> draft.query = new QueryKindReader(body, vectors).read();
            case "using" -> draft.using = body.string();
            case "filter" -> draft.filter = FilterReader.read(body);
            case "params" -> draft.params = SearchParamsReader.read(body);
            case "limit" ->
                draft.limit = (int) Math.min(QueryReader.HITS_MAX, body.countAtLeast(1));
            case "score_threshold" -> draft.scoreThreshold = body.f32();
            case "lookup_from" -> draft.lookupFrom = LookupReader.read(body);
            default -> body.skip();
          }
        });
    return new Prefetch(
        draft.prefetch,
        draft.query,
        draft.using,
        draft.filter,
        draft.params,
        draft.limit,
        draft.scoreThreshold,
        draft.lookupFrom);
  }
}
