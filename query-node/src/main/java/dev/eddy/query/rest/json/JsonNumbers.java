package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.eddy.model.error.EddyException;
import java.io.IOException;
import java.math.BigInteger;

/**
 * The numbers of a body: the current token as one of a kind and range. What is of another kind or
 * fits no number of the kind is malformed; a bound of the contract is a rule, which is noted. Used
 * by one thread.
 */
final class JsonNumbers {
  private static final BigInteger U64_MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  private final JsonBody body;
  private final JsonParser parser;

  JsonNumbers(JsonBody body, JsonParser parser) {
    this.body = body;
    this.parser = parser;
  }

  /** An unsigned 64-bit number as its bits. */
  long u64() throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw body.wrongType("u64");
    }
    return switch (parser.getNumberType()) {
      case INT, LONG -> {
        long value = parser.getLongValue();
        if (value < 0) {
          throw outOfRange("u64");
        }
        yield value;
      }
      default -> {
        BigInteger big = parser.getBigIntegerValue();
        if (big.signum() < 0 || big.compareTo(U64_MAX) > 0) {
          throw outOfRange("u64");
        }
        yield big.longValue();
      }
    };
  }

  /** {@link #u64()}, called what the contract calls a size. */
  long size() throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw body.wrongType("usize");
    }
    return u64();
  }

  /** An unsigned number; what exceeds a long is taken as the largest one. */
  long count() throws IOException {
    long value = size();
    return value < 0 ? Long.MAX_VALUE : value;
  }

  /** {@link #count()} with a lower bound, which is a declared rule. */
  long countAtLeast(long min) throws IOException {
    long value = count();
    if (value < min) {
      body.problem("value " + value + " invalid, must be " + min + " or larger");
      return min;
    }
    return value;
  }

  /** {@link #countAtLeast} for a field the model keeps as an int. */
  int intAtLeast(int min) throws IOException {
    long value = countAtLeast(min);
    if (value > Integer.MAX_VALUE) {
      body.problem(
          "value %s invalid, must be %d or smaller".formatted(parser.getText(), Integer.MAX_VALUE));
      return Integer.MAX_VALUE;
    }
    return (int) value;
  }

  /** A whole number from {@code min} to 100, which is a declared rule; never beyond 255. */
  int percent(int min) throws IOException {
    long value = count();
    if (value > 255) {
      throw outOfRange("u8");
    }
    if (value < min || value > 100) {
      body.problem("value " + value + " invalid, must be from " + min + " to 100");
      return 100;
    }
    return (int) value;
  }

  /** An unsigned number that may not be larger than {@code max}, which is a declared rule. */
  int within(long value, int max) {
    if (value > max) {
      body.problem("value " + value + " invalid, must be " + max + " or smaller");
      return max;
    }
    return (int) value;
  }

  /** An unsigned 32-bit number. */
  long u32() throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw body.wrongType("u32");
    }
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        || parser.getLongValue() < 0
        || parser.getLongValue() > 0xFFFF_FFFFL) {
      throw outOfRange("u32");
    }
    return parser.getLongValue();
  }

  /** {@link #u32()} with a lower bound, which is a declared rule. */
  int u32AtLeast(int min) throws IOException {
    long value = u32();
    if (value < min) {
      body.problem("value " + value + " invalid, must be " + min + " or larger");
      return min;
    }
    return within(value, Integer.MAX_VALUE);
  }

  double f64() throws IOException {
    if (!parser.currentToken().isNumeric()) {
      throw body.wrongType("f64");
    }
    double value = parser.getDoubleValue();
    if (!Double.isFinite(value)) {
      throw body.malformedHere("number out of range");
    }
    return value;
  }

  /** A double in {@code [min, max]}, which is a declared rule. */
  double f64Within(double min, double max) throws IOException {
    double value = f64();
    if (value < min || value > max) {
      body.problem("value " + value + " invalid, must be from " + min + " to " + max);
      return min;
    }
    return value;
  }

  float f32() throws IOException {
    if (!parser.currentToken().isNumeric()) {
      throw body.wrongType("f32");
    }
    return finite(parser.getFloatValue());
  }

  /** Complains of a number that no float32 can hold, at the current token. */
  float finite(float value) throws IOException {
    if (!Float.isFinite(value)) {
      body.problem(
          "value "
              + parser.getText()
              + " invalid, must be a finite 32-bit float from -3.4028235e38 to 3.4028235e38");
      return 0;
    }
    return value;
  }

  private EddyException outOfRange(String expected) throws IOException {
    return body.malformedHere(
        "invalid value: integer `" + parser.getText() + "`, expected " + expected);
  }
}
