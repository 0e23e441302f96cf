package dev.eddy.engine.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * SIMD kernels: a lane for each row of a group of the query. Each number of a row goes to all
 * lanes, for two groups at once where there are so many, and what is loaded of the query serves
 * four rows, or three.
 *
 * <p>Sums and what is loaded at once are to fit sixteen registers, whatever the order in which
 * HotSpot loads: a sum on the stack takes twice as long. Yet with few sums each addition would wait
 * for the one before, so a single group's even and odd numbers are summed apart.
 */
final class PanamaMaxSimKernels implements MaxSimKernels {
  private static final VectorSpecies<Float> SPECIES = PanamaKernels.SPECIES;
  private static final int LANES = SPECIES.length();

  PanamaMaxSimKernels() {
    if (SPECIES.vectorBitSize() < 128) {
      throw new UnsupportedOperationException(
          "vectors of %d bits are too short".formatted(SPECIES.vectorBitSize()));
    }
  }

  @Override
  public int groupRows() {
    return LANES;
  }

  @Override
  public String describe() {
    return "simd-" + SPECIES.vectorBitSize();
  }

  private static FloatVector same(float[] rows, int at) {
    return FloatVector.broadcast(SPECIES, rows[at]);
  }

  private static void lowest(float[] best, int group) {
    FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY).intoArray(best, group * LANES);
  }

  private static void keep(FloatVector found, float[] best, int at) {
    found.max(FloatVector.fromArray(SPECIES, best, at)).intoArray(best, at);
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
    int last = rowsAt + (count - 1) * stride;
    int group = 0;
    for (; group < groups - 1; group += 2) {
      int queryAt = group * length * LANES;
      lowest(best, group);
      lowest(best, group + 1);
      for (int a = rowsAt; a <= last; a += 4 * stride) {
        int b = Math.min(a + stride, last);
        int c = Math.min(a + 2 * stride, last);
        int d = Math.min(a + 3 * stride, last);
        switch (metric) {
          case COSINE, DOT -> dotTwo(query, queryAt, rows, a, b, c, d, length, best, group * LANES);
          case EUCLID -> euclidTwo(query, queryAt, rows, a, b, c, d, length, best, group * LANES);
          case MANHATTAN ->
              manhattanTwo(query, queryAt, rows, a, b, c, d, length, best, group * LANES);
        }
      }
    }
    if (group < groups) {
      int queryAt = group * length * LANES;
      lowest(best, group);
      for (int a = rowsAt; a <= last; a += 3 * stride) {
        int b = Math.min(a + stride, last);
        int c = Math.min(a + 2 * stride, last);
        switch (metric) {
          case COSINE, DOT -> dotOne(query, queryAt, rows, a, b, c, length, best, group * LANES);
          case EUCLID -> euclidOne(query, queryAt, rows, a, b, c, length, best, group * LANES);
          case MANHATTAN ->
              manhattanOne(query, queryAt, rows, a, b, c, length, best, group * LANES);
        }
      }
    }
  }

  /** Of two groups with four rows. */
  private static void dotTwo(
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
    int secondAt = queryAt + length * LANES;
    FloatVector aFirst = FloatVector.zero(SPECIES);
    FloatVector bFirst = FloatVector.zero(SPECIES);
    FloatVector cFirst = FloatVector.zero(SPECIES);
    FloatVector dFirst = FloatVector.zero(SPECIES);
    FloatVector aSecond = FloatVector.zero(SPECIES);
    FloatVector bSecond = FloatVector.zero(SPECIES);
    FloatVector cSecond = FloatVector.zero(SPECIES);
    FloatVector dSecond = FloatVector.zero(SPECIES);
    for (int i = 0; i < length; i++) {
      FloatVector first = FloatVector.fromArray(SPECIES, query, queryAt + i * LANES);
      FloatVector second = FloatVector.fromArray(SPECIES, query, secondAt + i * LANES);
      FloatVector aNumber = same(rows, a + i);
      aFirst = aNumber.fma(first, aFirst);
      aSecond = aNumber.fma(second, aSecond);
      FloatVector bNumber = same(rows, b + i);
      bFirst = bNumber.fma(first, bFirst);
      bSecond = bNumber.fma(second, bSecond);
      FloatVector cNumber = same(rows, c + i);
      cFirst = cNumber.fma(first, cFirst);
      cSecond = cNumber.fma(second, cSecond);
      FloatVector dNumber = same(rows, d + i);
      dFirst = dNumber.fma(first, dFirst);
      dSecond = dNumber.fma(second, dSecond);
    }
    keep(aFirst.max(bFirst).max(cFirst).max(dFirst), best, bestAt);
    keep(aSecond.max(bSecond).max(cSecond).max(dSecond), best, bestAt + LANES);
  }

  /** Of one group with three rows. */
  private static void dotOne(
      float[] query,
      int queryAt,
      float[] rows,
      int a,
      int b,
      int c,
      int length,
      float[] best,
      int bestAt) {
    FloatVector aEven = FloatVector.zero(SPECIES);
    FloatVector bEven = FloatVector.zero(SPECIES);
    FloatVector cEven = FloatVector.zero(SPECIES);
    FloatVector aOdd = FloatVector.zero(SPECIES);
    FloatVector bOdd = FloatVector.zero(SPECIES);
    FloatVector cOdd = FloatVector.zero(SPECIES);
    for (int i = 0; i < length; i += 2) {
      FloatVector even = FloatVector.fromArray(SPECIES, query, queryAt + i * LANES);
      FloatVector odd = FloatVector.fromArray(SPECIES, query, queryAt + i * LANES + LANES);
      aEven = same(rows, a + i).fma(even, aEven);
      bEven = same(rows, b + i).fma(even, bEven);
      cEven = same(rows, c + i).fma(even, cEven);
      aOdd = same(rows, a + i + 1).fma(odd, aOdd);
      bOdd = same(rows, b + i + 1).fma(odd, bOdd);
      cOdd = same(rows, c + i + 1).fma(odd, cOdd);
    }
    FloatVector ab = aEven.add(aOdd).max(bEven.add(bOdd));
    keep(ab.max(cEven.add(cOdd)), best, bestAt);
  }

  /** Of two groups with four rows. */
  private static void euclidTwo(
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
    int secondAt = queryAt + length * LANES;
    FloatVector aFirst = FloatVector.zero(SPECIES);
    FloatVector bFirst = FloatVector.zero(SPECIES);
    FloatVector cFirst = FloatVector.zero(SPECIES);
    FloatVector dFirst = FloatVector.zero(SPECIES);
    FloatVector aSecond = FloatVector.zero(SPECIES);
    FloatVector bSecond = FloatVector.zero(SPECIES);
    FloatVector cSecond = FloatVector.zero(SPECIES);
    FloatVector dSecond = FloatVector.zero(SPECIES);
    for (int i = 0; i < length; i++) {
      FloatVector first = FloatVector.fromArray(SPECIES, query, queryAt + i * LANES);
      FloatVector second = FloatVector.fromArray(SPECIES, query, secondAt + i * LANES);
      FloatVector aNumber = same(rows, a + i);
      FloatVector aFirstDifference = aNumber.sub(first);
      aFirst = aFirstDifference.fma(aFirstDifference, aFirst);
      FloatVector aSecondDifference = aNumber.sub(second);
      aSecond = aSecondDifference.fma(aSecondDifference, aSecond);
      FloatVector bNumber = same(rows, b + i);
      FloatVector bFirstDifference = bNumber.sub(first);
      bFirst = bFirstDifference.fma(bFirstDifference, bFirst);
      FloatVector bSecondDifference = bNumber.sub(second);
      bSecond = bSecondDifference.fma(bSecondDifference, bSecond);
      FloatVector cNumber = same(rows, c + i);
      FloatVector cFirstDifference = cNumber.sub(first);
      cFirst = cFirstDifference.fma(cFirstDifference, cFirst);
      FloatVector cSecondDifference = cNumber.sub(second);
      cSecond = cSecondDifference.fma(cSecondDifference, cSecond);
      FloatVector dNumber = same(rows, d + i);
      FloatVector dFirstDifference = dNumber.sub(first);
      dFirst = dFirstDifference.fma(dFirstDifference, dFirst);
      FloatVector dSecondDifference = dNumber.sub(second);
      dSecond = dSecondDifference.fma(dSecondDifference, dSecond);
    }
    keep(aFirst.min(bFirst).min(cFirst).min(dFirst).neg(), best, bestAt);
    keep(aSecond.min(bSecond).min(cSecond).min(dSecond).neg(), best, bestAt + LANES);
  }

  /** Of one group with three rows. */
  private static void euclidOne(
      float[] query,
      int queryAt,
      float[] rows,
      int a,
      int b,
      int c,
      int length,
      float[] best,
      int bestAt) {
    FloatVector aEven = FloatVector.zero(SPECIES);
    FloatVector bEven = FloatVector.zero(SPECIES);
    FloatVector cEven = FloatVector.zero(SPECIES);
    FloatVector aOdd = FloatVector.zero(SPECIES);
    FloatVector bOdd = FloatVector.zero(SPECIES);
    FloatVector cOdd = FloatVector.zero(SPECIES);
    for (int i = 0; i < length; i += 2) {
      FloatVector even = FloatVector.fromArray(SPECIES, query, queryAt + i * LANES);
      FloatVector odd = FloatVector.fromArray(SPECIES, query, queryAt + i * LANES + LANES);
      FloatVector aEvenDifference = same(rows, a + i).sub(even);
      aEven = aEvenDifference.fma(aEvenDifference, aEven);
      FloatVector bEvenDifference = same(rows, b + i).sub(even);
      bEven = bEvenDifference.fma(bEvenDifference, bEven);
      FloatVector cEvenDifference = same(rows, c + i).sub(even);
      cEven = cEvenDifference.fma(cEvenDifference, cEven);
      FloatVector aOddDifference = same(rows, a + i + 1).sub(odd);
      aOdd = aOddDifference.fma(aOddDifference, aOdd);
      FloatVector bOddDifference = same(rows, b + i + 1).sub(odd);
      bOdd = bOddDifference.fma(bOddDifference, bOdd);
      FloatVector cOddDifference = same(rows, c + i + 1).sub(odd);
      cOdd = cOddDifference.fma(cOddDifference, cOdd);
    }
    FloatVector ab = aEven.add(aOdd).min(bEven.add(bOdd));
    keep(ab.min(cEven.add(cOdd)).neg(), best, bestAt);
  }

  /** Of two groups with four rows. */
  private static void manhattanTwo(
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
    int secondAt = queryAt + length * LANES;
    FloatVector aFirst = FloatVector.zero(SPECIES);
    FloatVector bFirst = FloatVector.zero(SPECIES);
    FloatVector cFirst = FloatVector.zero(SPECIES);
    FloatVector dFirst = FloatVector.zero(SPECIES);
    FloatVector aSecond = FloatVector.zero(SPECIES);
    FloatVector bSecond = FloatVector.zero(SPECIES);
    FloatVector cSecond = FloatVector.zero(SPECIES);
    FloatVector dSecond = FloatVector.zero(SPECIES);
    for (int i = 0; i < length; i++) {
      FloatVector first = FloatVector.fromArray(SPECIES, query, queryAt + i * LANES);
      FloatVector second = FloatVector.fromArray(SPECIES, query, secondAt + i * LANES);
      FloatVector aNumber = same(rows, a + i);
      aFirst = aNumber.sub(first).abs().add(aFirst);
      aSecond = aNumber.sub(second).abs().add(aSecond);
      FloatVector bNumber = same(rows, b + i);
      bFirst = bNumber.sub(first).abs().add(bFirst);
      bSecond = bNumber.sub(second).abs().add(bSecond);
      FloatVector cNumber = same(rows, c + i);
      cFirst = cNumber.sub(first).abs().add(cFirst);
      cSecond = cNumber.sub(second).abs().add(cSecond);
      FloatVector dNumber = same(rows, d + i);
      dFirst = dNumber.sub(first).abs().add(dFirst);
      dSecond = dNumber.sub(second).abs().add(dSecond);
    }
    keep(aFirst.min(bFirst).min(cFirst).min(dFirst).neg(), best, bestAt);
    keep(aSecond.min(bSecond).min(cSecond).min(dSecond).neg(), best, bestAt + LANES);
  }

  /** Of one group with three rows. */
  private static void manhattanOne(
      float[] query,
      int queryAt,
      float[] rows,
      int a,
      int b,
      int c,
      int length,
      float[] best,
      int bestAt) {
    FloatVector aEven = FloatVector.zero(SPECIES);
    FloatVector bEven = FloatVector.zero(SPECIES);
    FloatVector cEven = FloatVector.zero(SPECIES);
    FloatVector aOdd = FloatVector.zero(SPECIES);
    FloatVector bOdd = FloatVector.zero(SPECIES);
    FloatVector cOdd = FloatVector.zero(SPECIES);
    for (int i = 0; i < length; i += 2) {
      FloatVector even = FloatVector.fromArray(SPECIES, query, queryAt + i * LANES);
      FloatVector odd = FloatVector.fromArray(SPECIES, query, queryAt + i * LANES + LANES);
      aEven = same(rows, a + i).sub(even).abs().add(aEven);
      bEven = same(rows, b + i).sub(even).abs().add(bEven);
      cEven = same(rows, c + i).sub(even).abs().add(cEven);
      aOdd = same(rows, a + i + 1).sub(odd).abs().add(aOdd);
      bOdd = same(rows, b + i + 1).sub(odd).abs().add(bOdd);
      cOdd = same(rows, c + i + 1).sub(odd).abs().add(cOdd);
    }
    FloatVector ab = aEven.add(aOdd).min(bEven.add(bOdd));
    keep(ab.min(cEven.add(cOdd)).neg(), best, bestAt);
  }
}
