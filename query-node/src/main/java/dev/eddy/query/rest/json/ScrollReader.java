package dev.eddy.query.rest.json;

import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.query.read.ScrollQuery;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads that are no search: scroll, retrieve and count. */
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
            case "order_by" -> body.refuse();
            case "shard_key" -> body.refuseUnlessEmpty();
            default -> body.skip();
          }
        });
    return new ScrollQuery(draft.offset, draft.limit, draft.filter, draft.payload, draft.vectors);
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
