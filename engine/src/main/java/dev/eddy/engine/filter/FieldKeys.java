package dev.eddy.engine.filter;

import dev.eddy.model.filter.FieldPredicate.DatetimeRange;
import dev.eddy.model.filter.FieldPredicate.Range;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Values of numeric fields as keys of an index: longs in the order of the values. Whole numbers,
 * moments (microseconds) and bools (0 and 1) are their own keys. Stateless.
 */
public final class FieldKeys {
  /** Keys of real numbers, infinite ones included, are from one to the other. */
  public static final long LEAST_REAL = ofReal(Double.NEGATIVE_INFINITY);

  public static final long GREATEST_REAL = ofReal(Double.POSITIVE_INFINITY);

  private FieldKeys() {}

  /** Keys from one to another, both included; empty when {@code from > to}. */
  public record KeyRange(long from, long to) {
    static KeyRange only(long key) {
      return new KeyRange(key, key);
    }
  }

  /** The key of a real number; -0.0 is right below 0.0. */
  public static long ofReal(double value) {
    long bits = Double.doubleToLongBits(value);
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  /** The real number of a key. */
  public static double real(long key) {
    return Double.longBitsToDouble(key ^ ((key >> 63) & Long.MAX_VALUE));
  }

  /** The keys of real numbers within the bounds; empty = none can be. */
  static Optional<KeyRange> reals(Range range) {
    if (isNan(range.gt()) || isNan(range.gte()) || isNan(range.lt()) || isNan(range.lte())) {
      return Optional.empty();
    }
    long from = LEAST_REAL;
    long to = GREATEST_REAL;
    // Zeros of both signs are equal.
    from = range.gt() == null ? from : Math.max(from, ofReal(range.gt() + 0.0) + 1);
    from = range.gte() == null ? from : Math.max(from, least(range.gte()));
    to = range.lt() == null ? to : Math.min(to, least(range.lt()) - 1);
    to = range.lte() == null ? to : Math.min(to, ofReal(range.lte() + 0.0));
    return from > to ? Optional.empty() : Optional.of(new KeyRange(from, to));
  }

  /** The least key of numbers equal to this one. */
  private static long least(double value) {
    return value == 0 ? ofReal(-0.0) : ofReal(value);
  }

  private static boolean isNan(@Nullable Double bound) {
    return bound != null && bound.isNaN();
  }

  /** The whole numbers that are within the bounds when compared as doubles. */
  static Optional<KeyRange> wholes(Range range) {
    return wholes(
        whole ->
            (range.gt() == null || (double) whole > range.gt())
                && (range.gte() == null || (double) whole >= range.gte()),
        whole ->
            (range.lt() == null || (double) whole < range.lt())
                && (range.lte() == null || (double) whole <= range.lte()));
  }

  static Optional<KeyRange> wholes(DatetimeRange range) {
    return wholes(
        whole ->
            (range.gtMicros() == null || whole > range.gtMicros())
                && (range.gteMicros() == null || whole >= range.gteMicros()),
        whole ->
            (range.ltMicros() == null || whole < range.ltMicros())
                && (range.lteMicros() == null || whole <= range.lteMicros()));
  }

  /**
   * @param isHigh true from some number on
   * @param isLow true up to some number
   */
  private static Optional<KeyRange> wholes(LongPredicate isHigh, LongPredicate isLow) {
    if (!isHigh.test(Long.MAX_VALUE) || !isLow.test(Long.MIN_VALUE)) {
      return Optional.empty();
    }
    long from = first(isHigh, Long.MIN_VALUE, Long.MAX_VALUE);
    long to =
        isLow.test(Long.MAX_VALUE)
            ? Long.MAX_VALUE
            : first(isLow.negate(), Long.MIN_VALUE, Long.MAX_VALUE) - 1;
    return from > to ? Optional.empty() : Optional.of(new KeyRange(from, to));
  }

  /**
   * The first number that it is true of, from one to another.
   *
   * @param isHigh true from some number on
   * @return the last one where it is true of no other
   */
  public static long first(LongPredicate isHigh, long from, long to) {
    long low = from;
    long high = to;
    while (low < high) {
      long middle = (low & high) + ((low ^ high) >> 1);
      if (isHigh.test(middle)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
