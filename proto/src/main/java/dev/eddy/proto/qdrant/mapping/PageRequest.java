package dev.eddy.proto.qdrant.mapping;

import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.query.Ordering;
import org.jspecify.annotations.Nullable;

/**
 * One page in the order of ids.
 *
 * @param from first id of the page, inclusive; null = from the start
 * @param limit at least 1
 * @param filter null = none
 * @param order by a field's values instead of ids, or null
 */
public record PageRequest(
    @Nullable PointId from,
    int limit,
    @Nullable Filter filter,
    PayloadSelector payload,
    VectorSelector vectors,
    @Nullable Ordering order) {}
