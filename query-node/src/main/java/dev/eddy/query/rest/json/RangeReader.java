package dev.eddy.query.rest.json;

import dev.eddy.model.filter.Datetimes;
import dev.eddy.model.filter.FieldPredicate;
import java.io.IOException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** {@code range} with numbers or date-times, and {@code values_count}. */
final class RangeReader {
  /** The four bounds; index as in {@link #slot}. */
  private final @Nullable Double[] numbers = new @Nullable Double[4];

  private final @Nullable Long[] micros = new @Nullable Long[4];
  private boolean hasNumbers;
  private boolean hasDatetimes;

  private RangeReader() {}

  private static int slot(String field) {
    return switch (field) {
      case "gt" -> 0;
      case "gte" -> 1;
      case "lt" -> 2;
      case "lte" -> 3;
      default -> -1;
    };
  }

  static FieldPredicate range(JsonBody body) throws IOException {
    RangeReader range = new RangeReader();
    body.object(
        "a range",
        field -> {
          int slot = slot(field);
          if (slot < 0) {
            body.skip();
          } else if (body.isString()) {
            range.micros[slot] = datetime(body);
            range.hasDatetimes = true;
          } else if (body.token().isNumeric()) {
            range.numbers[slot] = body.f64();
            range.hasNumbers = true;
          } else {
            throw body.noVariant("RangeInterface");
          }
        });
    if (range.hasNumbers && range.hasDatetimes) {
      throw body.noVariant("RangeInterface");
    }
    return range.hasDatetimes
        ? new FieldPredicate.DatetimeRange(
            range.micros[0], range.micros[1], range.micros[2], range.micros[3])
        : new FieldPredicate.Range(
            range.numbers[0], range.numbers[1], range.numbers[2], range.numbers[3]);
  }

  /** A date-time, in microseconds since 1970 UTC. */
  static long datetime(JsonBody body) throws IOException {
    String text = body.string();
    OptionalLong micros = Datetimes.parseMicros(text);
    if (micros.isEmpty()) {
      throw body.malformedHere(
          "'"
              + JsonBody.shortened(text)
              + "' is not in a supported date/time format, please use RFC 3339");
    }
    return micros.getAsLong();
  }

  static FieldPredicate valuesCount(JsonBody body) throws IOException {
    @Nullable Long[] bounds = new @Nullable Long[4];
    body.object(
        "struct ValuesCount",
        field -> {
          int slot = slot(field);
          if (slot < 0) {
            body.skip();
          } else {
            bounds[slot] = body.count();
          }
        });
    return new FieldPredicate.ValuesCount(bounds[0], bounds[1], bounds[2], bounds[3]);
  }
}
