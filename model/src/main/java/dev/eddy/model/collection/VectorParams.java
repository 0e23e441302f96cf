package dev.eddy.model.collection;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.limit.Limit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One dense vector, or multivector, of a collection.
 *
 * @param size dimensions, in [1, 65536]
 * @param hnsw what this vector overrides of the collection's graph settings, or null
 * @param onDisk whether vectors are to be read from files, as the client gave it, or null
 * @param memory {@code cold} or {@code cached}, both from files, as the client gave it, or null
 * @param datatype the name of a {@link Datatype} as the client gave it, or null
 * @param multivector how its points' rows are compared; null = points have one row
 * @param quantization what this vector has instead of the collection's, or null
 */
public record VectorParams(
    int size,
    Distance distance,
    @Nullable HnswDiff hnsw,
    @Nullable Boolean onDisk,
    @Nullable String memory,
    @Nullable String datatype,
    @Nullable MultiVectorComparator multivector,
    @Nullable Quantization quantization) {
  public static final int SIZE_MAX = (int) Limit.VECTOR_DIMENSIONS.standard();

  public VectorParams {
    requireNonNull(distance, "distance");
    if (size < 1 || size > SIZE_MAX) {
      throw new IllegalArgumentException("size must be from 1 to " + SIZE_MAX + ", got " + size);
    }
  }

  /** A dense vector. */
  public VectorParams(
      int size,
      Distance distance,
      @Nullable HnswDiff hnsw,
      @Nullable Boolean onDisk,
      @Nullable String memory,
      @Nullable String datatype) {
    this(size, distance, hnsw, onDisk, memory, datatype, null, null);
  }

  public static VectorParams of(int size, Distance distance) {
    return new VectorParams(size, distance, null, null, null, null);
  }

  /** A multivector of rows of this size. */
  public static VectorParams multi(int size, Distance distance) {
    return new VectorParams(
        size, distance, null, null, null, null, MultiVectorComparator.MAX_SIM, null);
  }

  /** Whether vectors of the other parameters are stored and compared in the same way. */
  public boolean isStoredLike(VectorParams other) {
    return size == other.size
        && distance == other.distance
        && multivector == other.multivector
        && type() == other.type();
  }

  /** What the vector's numbers are rounded to. */
  public Datatype type() {
    return Datatype.of(datatype);
  }

  /**
   * Whether vectors are to be read from files rather than kept in memory. {@code memory} counts
   * before the older {@code on_disk}; {@code cached} is as if neither were given.
   */
  public boolean isOnDisk() {
    return memory == null ? Boolean.TRUE.equals(onDisk) : memory.equals("cold");
  }

  public Optional<HnswDiff> hnswDiff() {
    return Optional.ofNullable(hnsw);
  }
}
