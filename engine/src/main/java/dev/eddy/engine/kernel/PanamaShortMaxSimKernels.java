package dev.eddy.engine.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * SIMD kernels for dot products with few rows of a query, which would leave most lanes of a group
 * empty: the numbers of one row lie along the lanes, and two rows of the query meet four rows, or
 * two, at once.
 *
 * <p>So each vector that is loaded serves two sums or four, and there are as many sums as cover the
 * time of an addition. Then lanes are to be summed: those of eight sums together, and each step
 * halves the vectors. Lanes of every sum are added in one order, wherever it stands.
 */
final class PanamaShortMaxSimKernels implements MaxSimKernels {
  /** Eight lanes, as many as sums: with more there would be another step. */
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_256;

  private static final int LANES = SPECIES.length();
  private static final int GROUP_ROWS = 2;

  private static final VectorShuffle<Float> BY_ONE = PanamaKernels.swap(SPECIES, 1);
  private static final VectorShuffle<Float> BY_TWO = PanamaKernels.swap(SPECIES, 2);
  private static final VectorShuffle<Float> BY_FOUR = PanamaKernels.swap(SPECIES, 4);
  private static final VectorMask<Float> ODD = PanamaKernels.lanesWith(SPECIES, 1);
  private static final VectorMask<Float> ODD_PAIRS = PanamaKernels.lanesWith(SPECIES, 2);
  private static final VectorMask<Float> UPPER_HALF = PanamaKernels.lanesWith(SPECIES, 4);

  PanamaShortMaxSimKernels() {
    if (PanamaKernels.SPECIES.vectorBitSize() < SPECIES.vectorBitSize()) {
      throw new UnsupportedOperationException(
          "vectors of %d bits are too short".formatted(PanamaKernels.SPECIES.vectorBitSize()));
    }
  }

  @Override
  public int groupRows() {
    return GROUP_ROWS;
  }

  @Override
  public int length(int dimension) {
    return (dimension + LANES - 1) / LANES * LANES;
  }

  @Override
  public String describe() {
    return "simd-short-" + SPECIES.vectorBitSize();
  }

  /** One behind the other, not turned. */
  @Override
  public float[] turned(float[][] queryRows, int dimension) {
    int length = length(dimension);
    int rows = groups(queryRows.length) * GROUP_ROWS;
    float[] query = new float[Math.multiplyExact(rows, length)];
    for (int row = 0; row < queryRows.length; row++) {
      System.arraycopy(queryRows[row], 0, query, row * length, dimension);
    }
    return query;
  }

  @Override
  public void compare(
      Metric metric,
      float[] query,
      int groups,
      float[] rows,
      int rowsAt,
      int stride,
      int count,
      int length,
      float[] best) {
    if (!metric.isSimilarity()) {
      throw new UnsupportedOperationException("short queries by " + metric);
    }
    int last = rowsAt + (count - 1) * stride;
    for (int at = 0; at < groups * GROUP_ROWS; at += GROUP_ROWS) {
      int queryAt = at * length;
      best[at] = Float.NEGATIVE_INFINITY;
      best[at + 1] = Float.NEGATIVE_INFINITY;
      int a = rowsAt;
      // The last of three is there twice.
      for (; a < last - stride; a += 4 * stride) {
        int d = Math.min(a + 3 * stride, last);
        four(query, queryAt, rows, a, a + stride, a + 2 * stride, d, length, best, at);
      }
      if (a <= last) {
        two(query, queryAt, rows, a, last, length, best, at);
      }
    }
  }

  /** Sums of two neighbouring lanes each: of one in even lanes, of another in odd ones. */
  private static FloatVector neighbours(FloatVector even, FloatVector odd) {
    return even.blend(odd, ODD).add(odd.blend(even, ODD).rearrange(BY_ONE));
  }

  /** The same of lanes that are two apart. */
  private static FloatVector pairs(FloatVector even, FloatVector odd) {
    return even.blend(odd, ODD_PAIRS).add(odd.blend(even, ODD_PAIRS).rearrange(BY_TWO));
  }

  /** The same of lanes that are four apart. */
  private static FloatVector halves(FloatVector lower, FloatVector upper) {
    return lower.blend(upper, UPPER_HALF).add(upper.blend(lower, UPPER_HALF).rearrange(BY_FOUR));
  }

  /** Even lanes are of the first row of the query, odd ones of the second. */
  private static void keep(FloatVector found, float[] best, int at) {
    FloatVector ofPairs = found.max(found.rearrange(BY_TWO));
    FloatVector highest = ofPairs.max(ofPairs.rearrange(BY_FOUR));
    best[at] = Math.max(best[at], highest.lane(0));
    best[at + 1] = Math.max(best[at + 1], highest.lane(1));
  }

  /** Of two rows of the query with four. */
  private static void four(
      float[] query,
      int queryAt,
      float[] rows,
      int a,
      int b,
      int c,
      int d,
      int length,
      float[] best,
      int bestAt) {
    int secondAt = queryAt + length;
    FloatVector aFirst = FloatVector.zero(SPECIES);
    FloatVector bFirst = FloatVector.zero(SPECIES);
    FloatVector cFirst = FloatVector.zero(SPECIES);
    FloatVector dFirst = FloatVector.zero(SPECIES);
    FloatVector aSecond = FloatVector.zero(SPECIES);
    FloatVector bSecond = FloatVector.zero(SPECIES);
    FloatVector cSecond = FloatVector.zero(SPECIES);
    FloatVector dSecond = FloatVector.zero(SPECIES);
    for (int i = 0; i < length; i += LANES) {
      FloatVector first = FloatVector.fromArray(SPECIES, query, queryAt + i);
      FloatVector second = FloatVector.fromArray(SPECIES, query, secondAt + i);
      FloatVector aRow = FloatVector.fromArray(SPECIES, rows, a + i);
      aFirst = aRow.fma(first, aFirst);
      aSecond = aRow.fma(second, aSecond);
      FloatVector bRow = FloatVector.fromArray(SPECIES, rows, b + i);
      bFirst = bRow.fma(first, bFirst);
      bSecond = bRow.fma(second, bSecond);
      FloatVector cRow = FloatVector.fromArray(SPECIES, rows, c + i);
      cFirst = cRow.fma(first, cFirst);
      cSecond = cRow.fma(second, cSecond);
      FloatVector dRow = FloatVector.fromArray(SPECIES, rows, d + i);
      dFirst = dRow.fma(first, dFirst);
      dSecond = dRow.fma(second, dSecond);
    }
    FloatVector aSums = neighbours(aFirst, aSecond);
    FloatVector bSums = neighbours(bFirst, bSecond);
    FloatVector cSums = neighbours(cFirst, cSecond);
    FloatVector dSums = neighbours(dFirst, dSecond);
    FloatVector ab = pairs(aSums, bSums);
    keep(halves(ab, pairs(cSums, dSums)), best, bestAt);
  }

  /** Of two rows of the query with two. */
  private static void two(
      float[] query,
      int queryAt,
      float[] rows,
      int a,
      int b,
      int length,
      float[] best,
      int bestAt) {
    int secondAt = queryAt + length;
    FloatVector aFirst = FloatVector.zero(SPECIES);
    FloatVector bFirst = FloatVector.zero(SPECIES);
    FloatVector aSecond = FloatVector.zero(SPECIES);
    FloatVector bSecond = FloatVector.zero(SPECIES);
    for (int i = 0; i < length; i += LANES) {
      FloatVector first = FloatVector.fromArray(SPECIES, query, queryAt + i);
      FloatVector second = FloatVector.fromArray(SPECIES, query, secondAt + i);
      FloatVector aRow = FloatVector.fromArray(SPECIES, rows, a + i);
      aFirst = aRow.fma(first, aFirst);
      aSecond = aRow.fma(second, aSecond);
      FloatVector bRow = FloatVector.fromArray(SPECIES, rows, b + i);
      bFirst = bRow.fma(first, bFirst);
      bSecond = bRow.fma(second, bSecond);
    }
    FloatVector aSums = neighbours(aFirst, aSecond);
    FloatVector bSums = neighbours(bFirst, bSecond);
    FloatVector ab = pairs(aSums, bSums);
    keep(halves(ab, ab), best, bestAt);
  }
}
