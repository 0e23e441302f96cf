package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/**
 * The float32 nearest to a JSON number, without a string in between.
 *
 * <p>Decimal digits up to 2^53 with a power of ten up to 10^22 make a double that is correctly
 * rounded (Clinger, 1990). Rounding it again gives the nearest float, unless the double lies
 * exactly half way between two floats: then, and for longer numbers, the slow way decides.
 */
final class FloatText {
  private static final long MANTISSA_MAX = 1L << 53;
  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  /** The 29 bits of a double's mantissa that a normal float does not have. */
  private static final long BELOW_FLOAT = (1L << 29) - 1;

  private static final long HALF_WAY = 1L << 28;

  private FloatText() {}

  /** The number at the parser's current token; infinite when it is too large. */
  static float parse(JsonParser parser) throws IOException {
    char[] text = parser.getTextCharacters();
    int from = parser.getTextOffset();
    int length = parser.getTextLength();
    float fast = fast(text, from, from + length);
    return Float.isNaN(fast) ? Float.parseFloat(new String(text, from, length)) : fast;
  }

  /** NaN when the fast way can't tell. */
  static float fast(char[] text, int from, int to) {
    int at = from;
    boolean negative = text[at] == '-';
    if (negative) {
      at++;
    }
    long mantissa = 0;
    int fraction = 0;
    boolean inFraction = false;
    for (; at < to; at++) {
      int digit = text[at] - '0';
      if (digit >= 0 && digit <= 9) {
        mantissa = mantissa * 10 + digit;
        if (mantissa > MANTISSA_MAX) {
          return Float.NaN;
        }
        fraction += inFraction ? 1 : 0;
      } else if (text[at] == '.') {
        inFraction = true;
      } else {
        break;
      }
    }
    int exponent = at == to ? 0 : exponent(text, at, to);
    int power = exponent - fraction;
    if (exponent == Integer.MIN_VALUE || power < -22 || power > 22) {
      return mantissa == 0 ? (negative ? -0f : 0f) : Float.NaN;
    }
    double value = power < 0 ? mantissa / POWERS_OF_TEN[-power] : mantissa * POWERS_OF_TEN[power];
    // Below the smallest normal float its mantissa is shorter, and half way is elsewhere.
    boolean isNormal = value >= Float.MIN_NORMAL || value == 0;
    if (!isNormal || (Double.doubleToRawLongBits(value) & BELOW_FLOAT) == HALF_WAY) {
      return Float.NaN;
    }
    return (float) (negative ? -value : value);
  }

  /** The exponent after its {@code e}; MIN_VALUE when it is too long to matter here. */
  private static int exponent(char[] text, int from, int to) {
    int at = from + 1;
    boolean negative = at < to && text[at] == '-';
    if (at < to && (text[at] == '-' || text[at] == '+')) {
      at++;
    }
    if (to - at > 4) {
      return Integer.MIN_VALUE;
    }
    int exponent = 0;
    for (; at < to; at++) {
      exponent = exponent * 10 + (text[at] - '0');
    }
    return negative ? -exponent : exponent;
  }
}
