package dev.eddy.proto.qdrant.mapping;

import com.google.protobuf.MessageOrBuilder;
import dev.eddy.model.error.EddyException;
import dev.eddy.proto.UnknownFields;
import org.jspecify.annotations.Nullable;

/** The rules that every message obeys, and the texts of breaking them. */
final class Rules {
  /** More can't be asked for: limit and offset together stay an int. */
  static final int HITS_MAX = (1 << 30) - 1;

  private Rules() {}

  /**
   * Refuses a message that carries a field of a later contract, however deep: passing it over could
   * give another answer than the client asked for.
   */
  static void checkKnown(MessageOrBuilder message) {
    UnknownFields.firstIn(message)
        .ifPresent(place -> {
          throw EddyException.wrongInput("unknown field in the request: " + place);
        });
  }

  /** The same for the message itself only, where looking deeper would cost too much. */
  static void checkKnownFlat(MessageOrBuilder message, String path) {
    if (!message.getUnknownFields().isEmpty()) {
      int number = message.getUnknownFields().asMap().keySet().iterator().next();
      throw EddyException.wrongInput("unknown field in the request: " + path + ": field " + number);
    }
  }

  /** Refuses a part of the contract that is not built yet. */
  static void notBuilt(boolean asked, String path) {
    if (asked) {
      throw EddyException.notImplemented(path);
    }
  }

  static EddyException unset(String path) {
    return EddyException.wrongInput(path + " is not set");
  }

  static EddyException unrecognized(String path) {
    return EddyException.wrongInput(path + " has a value that is not known");
  }

  /** An unsigned number that must be at least so large; what an int can't hold is its largest. */
  static int atLeast(int min, long unsigned, String path) {
    int value = unsigned < 0 ? HITS_MAX : (int) Math.min(unsigned, HITS_MAX);
    return atLeast32(min, value, path);
  }

  /** An unsigned setting that is shown back, so it must fit. */
  static int setting(int min, long unsigned, String path) {
    if (unsigned < 0 || unsigned > Integer.MAX_VALUE) {
      RuleBook.note(
          "%s: value %s invalid, must be %d or smaller"
              .formatted(path, Long.toUnsignedString(unsigned), Integer.MAX_VALUE));
      return Math.max(min, 1);
    }
    return atLeast32(min, (int) unsigned, path);
  }

  /** The same of an unsigned 32-bit field. */
  static int setting32(int min, int unsigned, String path) {
    return setting(min, Integer.toUnsignedLong(unsigned), path);
  }

  private static int atLeast32(int min, int value, String path) {
    if (value < min) {
      RuleBook.note(path + ": value " + value + " invalid, must be " + min + " or larger");
    }
    return Math.max(min, value);
  }

  /** A whole number from {@code min} to 100. */
  static int percent(int min, int unsigned, String path) {
    if (unsigned < min || unsigned > 100) {
      RuleBook.note(
          "%s: value %s invalid, must be from %d to 100"
              .formatted(path, Integer.toUnsignedString(unsigned), min));
      return 100;
    }
    return unsigned;
  }

  static double within(double min, double max, double value, String path) {
    if (!(value >= min && value <= max)) {
      RuleBook.note("%s: value %s invalid, must be from %s to %s".formatted(path, value, min, max));
      return max;
    }
    return value;
  }

  /** A number to compare with: nothing is above, below or equal to NaN. */
  static double comparable(double value, String path) {
    if (Double.isNaN(value)) {
      RuleBook.note(path + ": value NaN invalid, must be a number");
      return 0;
    }
    return value;
  }

  /** The count of an unsigned field; what a long can't hold is its largest. */
  static long count(long unsigned) {
    return unsigned < 0 ? Long.MAX_VALUE : unsigned;
  }

  static @Nullable Long count(boolean present, long unsigned) {
    return present ? (Long) count(unsigned) : null;
  }
}
