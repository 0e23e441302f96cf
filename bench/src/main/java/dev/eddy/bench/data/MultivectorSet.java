package dev.eddy.bench.data;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Multivectors made of real rows as texts are made of words: half of a multivector's rows are near
 * one row, a fifth near another, the others are any; each with a little noise, as a word is another
 * in each context. The same for the same numbers. Not thread-safe.
 */
public final class MultivectorSet {
  private static final int TOPICS = 400;
  private static final int WORDS_MAX = 100_000;
  private static final int WORDS_PER_TOPIC = 200;
  private static final double FIRST_TOPIC = 0.5;
  private static final double SECOND_TOPIC = 0.7;
  private static final float NOISE = 0.03f;
  private static final long SEED = 1;

  private final Random random = new Random(SEED);
  private final float[][] words;
  private final int[][] topics;
  private final int fewest;
  private final int most;

  /**
   * @param fewest rows of a multivector
   * @param most rows of a multivector
   */
  public MultivectorSet(VectorFile base, int fewest, int most) {
    this.fewest = fewest;
    this.most = most;
    this.words = new float[Math.min(WORDS_MAX, base.rows())][];
    for (int row = 0; row < words.length; row++) {
      words[row] = base.row(row);
    }
    int[] centres = random.ints(TOPICS, 0, words.length).toArray();
    this.topics = IntStream.of(centres).parallel().mapToObj(this::near).toArray(int[][]::new);
  }

  private int[] near(int centre) {
    long[] best = new long[words.length];
    for (int row = 0; row < words.length; row++) {
      float dot = 0;
      for (int i = 0; i < words[row].length; i++) {
        dot += words[row][i] * words[centre][i];
      }
      best[row] = ((long) ((1 - dot) * (1 << 24)) << 32) | row;
    }
    return Arrays.stream(best)
        .sorted()
        .limit(WORDS_PER_TOPIC)
        .mapToInt(packed -> (int) packed)
        .toArray();
  }

  /** The next multivector. */
  public float[][] next() {
    float[][] rows = new float[fewest + random.nextInt(most - fewest + 1)][];
    int[] first = topics[random.nextInt(TOPICS)];
    int[] second = topics[random.nextInt(TOPICS)];
    for (int row = 0; row < rows.length; row++) {
      double part = random.nextDouble();
      int near = (int) (WORDS_PER_TOPIC * random.nextDouble() * random.nextDouble());
      int word =
          part < FIRST_TOPIC
              ? first[near]
              : part < SECOND_TOPIC ? second[near] : random.nextInt(words.length);
      rows[row] = words[word].clone();
      for (int i = 0; i < rows[row].length; i++) {
        rows[row][i] += NOISE * (float) random.nextGaussian();
      }
    }
    return rows;
  }
}
