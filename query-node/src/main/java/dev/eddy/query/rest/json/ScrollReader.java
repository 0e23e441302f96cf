package dev.eddy.query.rest.json;

import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.query.FacetQuery;
import dev.eddy.model.query.MatrixQuery;
import dev.eddy.model.query.Ordering;
import dev.eddy.query.read.ScrollQuery;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads that are no search: scroll, retrieve, count, facets and matrices. */
public final class ScrollReader {
  private ScrollReader() {}

  /** Points by id. */
  public record Retrieve(List<PointId> ids, PayloadSelector payload, VectorSelector vectors) {}

  /** How many match; a null filter matches all. */
  public record Count(@Nullable Filter filter, boolean exact) {}

  public static ScrollQuery scroll(JsonBody body) throws IOException {
    var draft =
        new Object() {
          @Nullable PointId offset;
          int limit = ScrollQuery.LIMIT_DEFAULT;
          @Nullable Filter filter;
          PayloadSelector payload = PayloadSelector.All.ALL;
          VectorSelector vectors = VectorSelector.None.NONE;
          @Nullable Ordering order;
        };
    body.object(
        "struct ScrollRequest",
        field -> {
          switch (field) {
            case "offset" -> draft.offset = PointIdReader.read(body);
            case "limit" ->
                draft.limit = (int) Math.min(QueryReader.HITS_MAX, body.countAtLeast(1));
            case "filter" -> draft.filter = FilterReader.read(body);
            case "with_payload" -> draft.payload = SelectorReader.payload(body);
            case "with_vector", "with_vectors" -> draft.vectors = SelectorReader.vectors(body);
            case "order_by" -> draft.order = QueryKindReader.ordering(body);
            case "shard_key" -> body.refuseUnlessEmpty();
            default -> body.skip();
          }
        });
    return new ScrollQuery(
        draft.offset, draft.limit, draft.filter, draft.payload, draft.vectors, draft.order);
  }

  public static Retrieve retrieve(JsonBody body) throws IOException {
    var draft =
        new Object() {
          @Nullable List<PointId> ids;
          PayloadSelector payload = PayloadSelector.All.ALL;
          VectorSelector vectors = VectorSelector.None.NONE;
        };
    body.object(
        "struct PointRequest",
        field -> {
          switch (field) {
            case "ids" -> draft.ids = PointIdReader.list(body);
            case "with_payload" -> draft.payload = SelectorReader.payload(body);
            case "with_vector", "with_vectors" -> draft.vectors = SelectorReader.vectors(body);
            case "shard_key" -> body.refuseUnlessEmpty();
            default -> body.skip();
          }
        });
    if (draft.ids == null) {
      throw body.missing("ids");
    }
    return new Retrieve(draft.ids, draft.payload, draft.vectors);
  }

  /** Values of a field, counted. Exact or not: the counts are always exact. */
  public static FacetQuery facet(JsonBody body) throws IOException {
    var draft =
        new Object() {
          @Nullable KeyPath key;
          int limit = FacetQuery.LIMIT_DEFAULT;
          @Nullable Filter filter;
        };
    body.object(
        "struct FacetRequest",
        field -> {
          switch (field) {
            case "key" -> draft.key = Keys.read(body);
            case "limit" ->
                draft.limit = (int) Math.min(QueryReader.HITS_MAX, body.countAtLeast(1));
            case "filter" -> draft.filter = FilterReader.read(body);
            case "exact" -> body.bool();
            case "shard_key" -> body.refuseUnlessEmpty();
            default -> body.skip();
          }
        });
    if (draft.key == null) {
      throw body.missing("key");
    }
    return new FacetQuery(draft.key, draft.limit, draft.filter);
  }

  /** Distances inside a sample. */
  public static MatrixQuery matrix(JsonBody body) throws IOException {
    var draft =
        new Object() {
          int sample = MatrixQuery.SAMPLE_DEFAULT;
          int limit = MatrixQuery.LIMIT_DEFAULT;
          String using = Vectors.UNNAMED;
          @Nullable Filter filter;
        };
    body.object(
        "struct SearchMatrixRequest",
        field -> {
          switch (field) {
            case "sample" ->
                draft.sample = (int) Math.min(QueryReader.HITS_MAX, body.countAtLeast(2));
            case "limit" ->
                draft.limit = (int) Math.min(QueryReader.HITS_MAX, body.countAtLeast(1));
            case "using" -> draft.using = body.string();
            case "filter" -> draft.filter = FilterReader.read(body);
            case "shard_key" -> body.refuseUnlessEmpty();
            default -> body.skip();
          }
        });
    return new MatrixQuery(draft.sample, draft.limit, draft.using, draft.filter);
  }

  public static Count count(JsonBody body) throws IOException {
    var draft =
        new Object() {
          @Nullable Filter filter;
          boolean exact = true;
        };
    body.object(
        "struct CountRequest",
        field -> {
          switch (field) {
            case "filter" -> draft.filter = FilterReader.read(body);
            case "exact" -> draft.exact = body.bool();
            case "shard_key" -> body.refuseUnlessEmpty();
            default -> body.skip();
          }
        });
    return new Count(draft.filter, draft.exact);
  }
}
