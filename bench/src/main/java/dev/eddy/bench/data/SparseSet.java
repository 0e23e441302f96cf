package dev.eddy.bench.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Seeded sparse vectors like those of learned word weights: words are drawn by a flattened Zipf
 * law, so that the most frequent is in about half of the rows; weights have nothing to do with the
 * words, which is hard on bounds. Each row has a random number, too, for filters.
 */
public final class SparseSet {
  /** Words there are. */
  private static final int VOCABULARY = 30_000;

  /** Added to each rank of the Zipf law. */
  private static final double FLATTENING = 20;

  /** Numbers that rows may have. */
  public static final int NUMBERS = 1_000;

  private final Rows base;
  private final Rows queries;
  private final int[] numbers;

  /**
   * Vectors one behind the other.
   *
   * @param starts of each row, and one more
   * @param indices ascending in each row
   */
  public record Rows(int[] starts, int[] indices, float[] values) {
    /** How many. */
    public int count() {
      return starts.length - 1;
    }

    /** Indices of a row. */
    public int[] indices(int row) {
      return Arrays.copyOfRange(indices, starts[row], starts[row + 1]);
    }

    /** Weights of a row. */
    public float[] values(int row) {
      return Arrays.copyOfRange(values, starts[row], starts[row + 1]);
    }
  }

  /** Makes a set: entries are what rows and queries have in the mean, give or take a half. */
  public SparseSet(int rows, int rowEntries, int queries, int queryEntries, long seed) {
    double[] cumulative = new double[VOCABULARY];
    double sum = 0;
    for (int rank = 0; rank < VOCABULARY; rank++) {
      sum += 1 / (rank + FLATTENING);
      cumulative[rank] = sum;
    }
    SplittableRandom random = new SplittableRandom(seed);
    int[] words = shuffled(random);
    this.base = rows(rows, rowEntries, cumulative, words, random);
    this.queries = rows(queries, queryEntries, cumulative, words, random);
    this.numbers = random.ints(rows, 0, NUMBERS).toArray();
  }

  /** The index of each rank: frequent words are anywhere in the order of indices. */
  private static int[] shuffled(SplittableRandom random) {
    int[] words = new int[VOCABULARY];
    for (int i = 0; i < VOCABULARY; i++) {
      int other = random.nextInt(i + 1);
      words[i] = words[other];
      words[other] = i;
    }
    return words;
  }

  private static Rows rows(
      int count, int mean, double[] cumulative, int[] words, SplittableRandom random) {
    int[] starts = new int[count + 1];
    int[] indices = new int[count * 2 * mean];
    float[] values = new float[indices.length];
    int[] row = new int[2 * mean];
    int at = 0;
    for (int i = 0; i < count; i++) {
      int entries = Math.max(1, mean / 2 + random.nextInt(mean));
      for (int e = 0; e < entries; e++) {
        double drawn = random.nextDouble() * cumulative[cumulative.length - 1];
        int found = Arrays.binarySearch(cumulative, drawn);
        row[e] = words[Math.min(found < 0 ? -found - 1 : found, words.length - 1)];
      }
      Arrays.sort(row, 0, entries);
      for (int e = 0; e < entries; e++) {
        if (e == 0 || row[e] != row[e - 1]) {
          indices[at] = row[e];
          double uniform = random.nextDouble();
          values[at++] = (float) (0.05 - Math.log(1 - 0.95 * uniform) * 0.6);
        }
      }
      starts[i + 1] = at;
    }
    return new Rows(starts, Arrays.copyOf(indices, at), Arrays.copyOf(values, at));
  }

  /** What is searched. */
  public Rows base() {
    return base;
  }

  /** What is looked for. */
  public Rows queries() {
    return queries;
  }

  /** A number in {@code [0, NUMBERS)} of each row of the base. */
  public int[] numbers() {
    return numbers;
  }

  /** Writes all of it into a folder, as raw little-endian files. */
  public void write(Path folder) throws IOException {
    write(folder, "base", base);
    write(folder, "query", queries);
    writeInts(folder.resolve("numbers.i32"), numbers);
  }

  private static void write(Path folder, String stem, Rows rows) throws IOException {
    writeInts(folder.resolve(stem + ".starts.i32"), rows.starts());
    writeInts(folder.resolve(stem + ".indices.i32"), rows.indices());
    int[] bits = new int[rows.values().length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(rows.values()[i]);
    }
    writeInts(folder.resolve(stem + ".values.f32"), bits);
  }

  private static void writeInts(Path file, int[] values) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(values);
    Files.write(file, bytes.array());
  }
}
