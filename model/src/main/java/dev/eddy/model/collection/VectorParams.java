package dev.eddy.model.collection;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One dense vector of a collection.
 *
 * @param size dimensions, in [1, 65536]
 * @param hnsw what this vector overrides of the collection's graph settings, or null
 * @param onDisk as the client gave it, or null
 * @param memory {@code cold} or {@code cached} as the client gave it, or null
 * @param datatype {@code float32} as the client gave it, or null
 */
public record VectorParams(
    int size,
    Distance distance,
    @Nullable HnswDiff hnsw,
    @Nullable Boolean onDisk,
    @Nullable String memory,
    @Nullable String datatype) {
  public static final int SIZE_MAX = 65_536;

  public VectorParams {
    requireNonNull(distance, "distance");
    if (size < 1 || size > SIZE_MAX) {
      throw new IllegalArgumentException("size must be from 1 to " + SIZE_MAX + ", got " + size);
    }
  }

  public static VectorParams of(int size, Distance distance) {
    return new VectorParams(size, distance, null, null, null, null);
  }

  public Optional<HnswDiff> hnswDiff() {
    return Optional.ofNullable(hnsw);
  }
}
