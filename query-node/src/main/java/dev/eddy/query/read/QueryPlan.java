package dev.eddy.query.read;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.point.PointId;
import dev.eddy.model.shard.ShardService.NearestQuery;
import org.jspecify.annotations.Nullable;

/**
 * A nearest-neighbour query with its vector found and checked.
 *
 * @param index place in the request
 * @param vector what is sent to the shards
 * @param excluded the example point, which is no answer to itself, or null
 * @param isDescending whether larger scores are better
 */
@SuppressWarnings("ArrayRecordComponent") // Made for one request, compared by nobody.
record QueryPlan(
    int index, PointQuery query, float[] vector, @Nullable PointId excluded, boolean isDescending) {

  /** What one shard is asked. It must give enough for the offset and the excluded point. */
  NearestQuery nearest() {
    long wanted = (long) query.offset() + query.limit() + (excluded == null ? 0 : 1);
    return new NearestQuery(
        query.using(),
        vector,
        query.filter(),
        query.params(),
        (int) Math.min(wanted, Integer.MAX_VALUE),
        query.scoreThreshold());
  }

  static VectorParams paramsOf(CollectionSpec spec, String using) {
    VectorParams params = spec.vectors().get(using);
    if (params == null) {
      throw EddyException.wrongInput("Not existing vector name error: " + using);
    }
    return params;
  }

  /** Checks what does not depend on the data. */
  static void check(CollectionSpec spec, PointQuery query) {
    if (query.limit() < 1) {
      throw EddyException.validation(
          "limit: value " + query.limit() + " invalid, must be 1 or larger");
    }
    Integer ef = query.params().hnswEf();
    if (ef != null && ef < 1) {
      throw EddyException.validation(
          "params.hnsw_ef: value " + ef + " invalid, must be 1 or larger");
    }
    switch (query.target()) {
      case PointQuery.Target.Everything ignored -> {
        if (query.scoreThreshold() != null) {
          throw EddyException.badRequest(
              "A query is needed to use the score_threshold. Can't have score_threshold without"
                  + " defining a query.");
        }
      }
      case PointQuery.Target.ById ignored -> paramsOf(spec, query.using());
      case PointQuery.Target.ByVector(float[] vector) -> {
        VectorParams params = paramsOf(spec, query.using());
        if (vector.length == 0) {
          throw EddyException.validation("query: dense vector must not be empty");
        }
        if (vector.length != params.size()) {
          throw EddyException.wrongInput(
              "Vector dimension error: expected dim: " + params.size() + ", got " + vector.length);
        }
        checkFinite(vector);
      }
    }
  }

  private static void checkFinite(float[] vector) {
    for (int i = 0; i < vector.length; i++) {
      if (!Float.isFinite(vector[i])) {
        throw EddyException.validation(
            "query[%d]: value %s invalid, must be a finite number".formatted(i, vector[i]));
      }
    }
  }
}
