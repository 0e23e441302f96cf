package dev.eddy.model.query;

import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.KeyPath;
import org.jspecify.annotations.Nullable;

/**
 * How many points have which value of a declared field. Always counted exactly.
 *
 * @param limit values at most, at least 1
 * @param filter null = all points
 */
public record FacetQuery(KeyPath key, int limit, @Nullable Filter filter) {
  public static final int LIMIT_DEFAULT = 10;
}
