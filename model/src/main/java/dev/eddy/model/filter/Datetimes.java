package dev.eddy.model.filter;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * The date-time texts that filters and payload values may use: RFC 3339 with any offset, {@code
 * YYYY-MM-DD}, {@code YYYY-MM-DD[T ]HH:MM[:SS[.f]]} with an optional zone; no zone means UTC; finer
 * than microseconds is cut.
 */
public final class Datetimes {
  private static final DateTimeFormatter FORMAT =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendPattern("['T'][' ']HH:mm")
          .optionalStart()
          .appendPattern(":ss")
          .optionalStart()
          .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
          .optionalEnd()
          .optionalEnd()
          .optionalStart()
          .appendOffset("+HH:MM", "Z")
          .optionalEnd()
          .optionalStart()
          .appendOffset("+HHMM", "Z")
          .optionalEnd()
          .optionalEnd()
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private Datetimes() {}

  /** Microseconds since 1970-01-01T00:00Z, or empty when the text is no date-time. */
  public static OptionalLong parseMicros(String text) {
    if (text.length() < 10 || text.charAt(4) != '-') {
      return OptionalLong.empty();
    }
    try {
      TemporalAccessor parsed =
          FORMAT.parseBest(text, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
      OffsetDateTime moment =
          switch (parsed) {
            case OffsetDateTime zoned -> zoned;
            case LocalDateTime local -> local.atOffset(ZoneOffset.UTC);
            case LocalDate date -> date.atStartOfDay().atOffset(ZoneOffset.UTC);
            default -> throw new DateTimeException(text);
          };
      return OptionalLong.of(
          Math.addExact(
              Math.multiplyExact(moment.toEpochSecond(), 1_000_000L), moment.getNano() / 1_000));
    } catch (DateTimeException | ArithmeticException e) {
      return OptionalLong.empty();
    }
  }
}
