package dev.eddy.query.rest.json;

import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.query.GroupQuery;
import dev.eddy.model.query.PointQuery;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a query by groups says beside the query. Used by one thread. */
final class GroupReader {
  /** Reads on where a broken rule was noted. */
  private static final KeyPath PLACEHOLDER = KeyPath.parse("a");

  private final JsonBody body;
  private @Nullable KeyPath groupBy;
  private @Nullable Integer groupSize;
  private GroupQuery.@Nullable Lookup lookup;

  GroupReader(JsonBody body) {
    this.body = body;
  }

  /** Takes a field; false, and nothing is read, when it is none of these. */
  boolean read(String field) throws IOException {
    switch (field) {
      case "group_by" -> {
        if (body.isString() && body.string().isEmpty()) {
          body.problem("value \"\" invalid, must be at least 1 characters");
          groupBy = PLACEHOLDER;
        } else {
          groupBy = Keys.read(body);
        }
      }
      case "group_size" -> groupSize = (int) Math.min(QueryReader.HITS_MAX, body.countAtLeast(1));
      case "with_lookup" -> lookup = lookup();
      default -> {
        return false;
      }
    }
    return true;
  }

  private GroupQuery.Lookup lookup() throws IOException {
    if (body.isString()) {
      return new GroupQuery.Lookup(
          body.string(), PayloadSelector.All.ALL, VectorSelector.None.NONE);
    }
    var draft =
        new Object() {
          @Nullable String collection;
          PayloadSelector payload = PayloadSelector.All.ALL;
          VectorSelector vectors = VectorSelector.None.NONE;
        };
    body.object(
        "struct WithLookup",
        field -> {
          switch (field) {
            case "collection" -> draft.collection = body.string();
            case "with_payload" -> draft.payload = SelectorReader.payload(body);
            case "with_vectors", "with_vector" -> draft.vectors = SelectorReader.vectors(body);
            default -> body.skip();
          }
        });
    if (draft.collection == null) {
      throw body.missing("collection");
    }
    return new GroupQuery.Lookup(draft.collection, draft.payload, draft.vectors);
  }

  /** With defaults for what was not said. */
  GroupQuery build(PointQuery query, @Nullable Integer groups) {
    int size = groupSize == null ? GroupQuery.GROUP_SIZE_DEFAULT : groupSize;
    return build(query, groups == null ? GroupQuery.GROUPS_DEFAULT : groups, size);
  }

  /** Of the older operations, where all of it must be said. */
  GroupQuery required(PointQuery query, @Nullable Integer groups) {
    if (groups == null || groupSize == null) {
      throw body.missing(groups == null ? "limit" : "group_size");
    }
    return build(query, groups, groupSize);
  }

  private GroupQuery build(PointQuery query, int groups, int size) {
    if (groupBy == null) {
      throw body.missing("group_by");
    }
    return new GroupQuery(query, groupBy, groups, size, lookup);
  }
}
