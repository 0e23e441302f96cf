package dev.eddy.model.query;

import dev.eddy.model.filter.Filter;
import org.jspecify.annotations.Nullable;

/**
 * The nearest neighbours of some points among each other.
 *
 * @param sample points drawn by chance, at least 2
 * @param limit neighbours of each at most, at least 1
 * @param using name of the vector; the empty name is the unnamed one
 * @param filter null = all points that have the vector
 */
public record MatrixQuery(int sample, int limit, String using, @Nullable Filter filter) {
  public static final int SAMPLE_DEFAULT = 10;
  public static final int LIMIT_DEFAULT = 3;
}
