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
  private FieldKeys() {}

  /** Keys from one to another, both included; empty when {@code from > to}. */
  public record KeyRange(long from, long to) {
    static final KeyRange ALL = new KeyRange(Long.MIN_VALUE, Long.MAX_VALUE);

    static KeyRange only(long key) {
      return new KeyRange(key, key);
    }
  }

  /** The key of a real number; both zeros have the same one. */
  public static long ofReal(double value) {
    long bits = Double.doubleToLongBits(value + 0.0);
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
    long from = ofReal(Double.NEGATIVE_INFINITY);
    long to = ofReal(Double.POSITIVE_INFINITY);
    from = range.gt() == null ? from : Math.max(from, ofReal(range.gt()) + 1);
    from = range.gte() == null ? from : Math.max(from, ofReal(range.gte()));
    to = range.lt() == null ? to : Math.min(to, ofReal(range.lt()) - 1);
    to = range.lte() == null ? to : Math.min(to, ofReal(range.lte()));
    return from > to ? Optional.empty() : Optional.of(new KeyRange(from, to));
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
    long from = first(isHigh);
    long to = isLow.test(Long.MAX_VALUE) ? Long.MAX_VALUE : first(isLow.negate()) - 1;
    return from > to ? Optional.empty() : Optional.of(new KeyRange(from, to));
  }

  /** The first number that it is true of, which there is. */
  private static long first(LongPredicate isHigh) {
    long low = Long.MIN_VALUE;
    long high = Long.MAX_VALUE;
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
