package dev.eddy.model.point;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.error.EddyException;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * The name of a point: an unsigned 64-bit number or a UUID. Ordered: numbers first, then UUIDs by
 * value.
 */
public sealed interface PointId extends Comparable<PointId> {

  /** A number in [0, 2^64), as its unsigned bits. */
  record Num(long bits) implements PointId {
    @Override
    public String toString() {
      return Long.toUnsignedString(bits);
    }
  }

  /** A UUID; {@code toString} is the hyphenated lower-case form. */
  record Uuid(UUID value) implements PointId {
    public Uuid {
      requireNonNull(value, "value");
    }

    @Override
    public String toString() {
      return value.toString();
    }
  }

  static PointId of(long unsigned) {
    return new Num(unsigned);
  }

  static PointId of(UUID uuid) {
    return new Uuid(uuid);
  }

  @Override
  default int compareTo(PointId other) {
    return switch (this) {
      case Num mine ->
          other instanceof Num theirs ? Long.compareUnsigned(mine.bits, theirs.bits) : -1;
      case Uuid mine -> other instanceof Uuid theirs ? compare(mine.value, theirs.value) : 1;
    };
  }

  private static int compare(UUID a, UUID b) {
    int high = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
  }

  /**
   * A UUID in any accepted spelling: hyphenated, 32 hex digits, {@code urn:uuid:}, or in braces.
   */
  static Optional<PointId> parseUuid(String text) {
    String plain = text;
    if (plain.startsWith("urn:uuid:")) {
      plain = plain.substring("urn:uuid:".length());
    } else if (plain.startsWith("{") && plain.endsWith("}") && plain.length() == 38) {
      plain = plain.substring(1, plain.length() - 1);
    }
    if (plain.length() == 36
        && plain.charAt(8) == '-'
        && plain.charAt(13) == '-'
        && plain.charAt(18) == '-'
        && plain.charAt(23) == '-') {
      plain =
          plain.substring(0, 8)
              + plain.substring(9, 13)
              + plain.substring(14, 18)
              + plain.substring(19, 23)
              + plain.substring(24);
    }
    if (plain.length() != 32) {
      return Optional.empty();
    }
    String digits = plain.toLowerCase(Locale.ROOT);
    for (int i = 0; i < digits.length(); i++) {
      if ("0123456789abcdef".indexOf(digits.charAt(i)) < 0) {
        return Optional.empty();
      }
    }
    return Optional.of(
        new Uuid(
            new UUID(
                Long.parseUnsignedLong(digits.substring(0, 16), 16),
                Long.parseUnsignedLong(digits.substring(16), 16))));
  }

  /**
   * The id written as text: decimal digits, or a UUID.
   *
   * @throws EddyException "Wrong input" with the contract's text when it is neither
   */
  static PointId parse(String text) {
    if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      try {
        return new Num(Long.parseUnsignedLong(text));
      } catch (NumberFormatException e) {
        throw unrecognised(text);
      }
    }
    return parseUuid(text).orElseThrow(() -> unrecognised(text));
  }

  private static EddyException unrecognised(String text) {
    return EddyException.wrongInput("Can not recognize \"" + text + "\" as point id");
  }
}
