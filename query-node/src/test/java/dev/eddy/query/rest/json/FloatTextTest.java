package dev.eddy.query.rest.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The fast way to a float gives what the slow way gives, or says that it can't tell. */
class FloatTextTest {

  private static float fast(String text) {
    return FloatText.fast(text.toCharArray(), 0, text.length());
  }

  private static void isRight(String text, long seed) {
    float fast = fast(text);
    if (!Float.isNaN(fast)) {
      assertThat(Float.floatToRawIntBits(fast))
          .as("%s, seed %d", text, seed)
          .isEqualTo(Float.floatToRawIntBits(Float.parseFloat(text)));
    }
  }

  @Test
  void everyShortestFormIsReadBack() {
    long seed = 20_261_122;
    Random random = new Random(seed);
    int undecided = 0;
    for (int i = 0; i < 300_000; i++) {
      float value = (float) random.nextGaussian();
      isRight(Float.toString(value), seed);
      undecided += Float.isNaN(fast(Float.toString(value))) ? 1 : 0;
      isRight(Double.toString((double) value), seed);
      isRight(Float.toString(Float.intBitsToFloat(random.nextInt() & 0x7f7fffff)), seed);
    }
    assertThat(undecided).as("numbers of the usual kind that go the slow way").isLessThan(300);
  }

  @Test
  void randomDigitsAreRoundedOnce() {
    long seed = 77;
    Random random = new Random(seed);
    for (int i = 0; i < 300_000; i++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
      text.append(random.nextInt(1_000));
      if (random.nextBoolean()) {
        text.append('.');
        int digits = 1 + random.nextInt(17);
        for (int d = 0; d < digits; d++) {
          text.append((char) ('0' + random.nextInt(10)));
        }
      }
      if (random.nextInt(3) == 0) {
        text.append(random.nextBoolean() ? 'e' : 'E')
            .append(new String[] {"", "+", "-"}[random.nextInt(3)])
            .append(random.nextInt(50));
      }
      isRight(text.toString(), seed);
    }
  }

  @Test
  void halfWayBetweenTwoFloatsGoesTheSlowWay() {
    // 1 + 2^-24 lies between 1 and the next float, and is a double.
    String halfWay = "1.000000059604644775390625";
    isRight(halfWay, 0);
    isRight("16777217", 0);
    assertThat(fast("16777217")).isNaN();
    isRight("0.00000000000000000000000000000000000000000000141", 0);
    isRight("1e-45", 0);
    isRight("-0", 0);
    isRight("-0.0", 0);
    isRight("1e39", 0);
  }
}
