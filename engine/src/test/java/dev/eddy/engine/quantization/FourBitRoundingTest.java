package dev.eddy.engine.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FourBitRoundingTest {
  private static final long SEED = 41;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 16, 100, 128, 200, 768, 1_536})
  void aRotationIsTurnedBack(int dimension) {
    HadamardRotation rotation = new HadamardRotation(dimension);
    float[] vector = random(new Random(SEED), rotation.size(), 3);
    float[] turned = vector.clone();
    rotation.apply(turned);
    rotation.invert(turned);
    for (int i = 0; i < vector.length; i++) {
      assertThat((double) turned[i]).isCloseTo(vector[i], Offset.offset(1e-4));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 100, 128, 768, 1_536})
  void aboutATenthOfTheLengthIsLost(int dimension) {
    FourBitRounding rounding = new FourBitRounding(dimension);
    Random random = new Random(SEED);
    double lost = 0;
    int vectors = 50;
    for (int i = 0; i < vectors; i++) {
      float[] vector = random(random, dimension, 5);
      float[] rounded = vector.clone();
      rounding.round(rounded);
      lost += distance(vector, rounded) / distance(vector, new float[dimension]) / vectors;
    }
    assertThat(lost).isBetween(0.05, 0.11);
  }

  @Test
  void vectorsThatDifferInLittleBecomeTheSameAndZerosStay() {
    FourBitRounding rounding = new FourBitRounding(32);
    float[] one = random(new Random(SEED), 32, 1);
    float[] other = one.clone();
    other[7] = Math.nextUp(other[7]);
    rounding.round(one);
    rounding.round(other);
    assertThat(distance(one, other)).isLessThan(1e-4);
    float[] zeros = new float[32];
    rounding.round(zeros);
    assertThat(zeros).containsOnly(0);
  }

  @Test
  void theLargestNumbersStayFinite() {
    float[] vector = new float[40];
    Arrays.fill(vector, Float.MAX_VALUE);
    new FourBitRounding(40).round(vector);
    for (float value : vector) {
      assertThat(value).isFinite();
    }
  }

  /** What is stored depends on it: replicas and replays have to agree, whatever the machine. */
  @Test
  void itIsTheSameEverywhere() {
    float[] vector = {1, -2, 3, 0.5f, -0.25f};
    new FourBitRounding(5).round(vector);
    assertThat(Arrays.hashCode(vector)).as(Arrays.toString(vector)).isEqualTo(-306_482_635);
  }

  private static float[] random(Random random, int size, float scale) {
    float[] vector = new float[size];
    for (int i = 0; i < size; i++) {
      vector[i] = scale * (float) random.nextGaussian();
    }
    return vector;
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.pow(a[i] - (double) b[i], 2);
    }
    return Math.sqrt(sum);
  }
}
