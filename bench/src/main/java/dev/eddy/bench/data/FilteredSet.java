package dev.eddy.bench.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Filters on a set: every row has two whole numbers in {@code [0, 1000)}, a random one and its
 * rank, in thousandths, by nearness to one row. A filter is a range of one of them.
 */
public final class FilteredSet {
  /** Numbers that a field may have. */
  private static final int NUMBERS = 1_000;

  private static final long SEED = 1;

  /** Filters of random rows that take turns, so that no list of rows stays in the caches. */
  private static final int RANDOM_WINDOWS = 8;

  private static final int CASE_QUERIES = 300;

  /** A number that rows have. */
  public enum Field {
    /** Unrelated to the vectors. */
    RANDOM,
    /** Small for rows near one row. */
    REGION;

    /** What files and orders call it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How queries lie to the rows that match. */
  public enum Relation {
    /** Anyhow. */
    RANDOM(Field.RANDOM),
    /** The queries nearest to the matching region. */
    CORRELATED(Field.REGION),
    /** Those farthest from it. */
    ANTI(Field.REGION);

    private final Field field;

    Relation(Field field) {
      this.field = field;
    }
  }

  /**
   * Queries with their filters and exact answers.
   *
   * @param thousandths of the rows match
   * @param queries row numbers of the set's queries
   * @param lows least number that matches, per query
   * @param truth {@link VectorSet#K} rows per query, -1 where fewer match
   */
  public record Case(Relation relation, int thousandths, int[] queries, int[] lows, int[] truth) {
    /** A name for files. */
    public String label() {
      return relation.name().toLowerCase(Locale.ROOT) + "-" + thousandths;
    }

    /** The field that is filtered by. */
    public Field field() {
      return relation.field;
    }

    /** Largest number that matches. */
    public int high(int query) {
      return lows[query] + thousandths - 1;
    }

    /** Exact answers there are. */
    public int wanted() {
      return (int) Arrays.stream(truth).filter(row -> row >= 0).count();
    }

    /** How many of these are among the exact answers of the case's query. */
    public int hits(int query, int[] found) {
      int hits = 0;
      for (int row : found) {
        for (int i = 0; i < VectorSet.K; i++) {
          hits += truth[query * VectorSet.K + i] == row ? 1 : 0;
        }
      }
      return hits;
    }
  }

  private final VectorSet set;
  private final int[] random;
  private final int[] region;
  private final int[] queriesByNearness;

  /** Gives numbers to the rows of a set. */
  public FilteredSet(VectorSet set) {
    this.set = set;
    this.random = new Random(SEED).ints(set.rows(), 0, NUMBERS).toArray();
    float[] centre = set.base().row(set.rows() / 3);
    int[] order = byNearness(set.base(), set.rows(), centre);
    this.region = new int[set.rows()];
    for (int rank = 0; rank < order.length; rank++) {
      region[order[rank]] = (int) ((long) rank * NUMBERS / order.length);
    }
    this.queriesByNearness = byNearness(set.queries(), set.queries().rows(), centre);
  }

  private static int[] byNearness(VectorFile file, int rows, float[] to) {
    double[] products =
        IntStream.range(0, rows)
            .parallel()
            .mapToDouble(row -> {
              double sum = 0;
              for (int i = 0; i < to.length; i++) {
                sum += file.get(row, i) * to[i];
              }
              return sum;
            })
            .toArray();
    return IntStream.range(0, rows)
        .boxed()
        .sorted(Comparator.comparingDouble(row -> -products[row]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** The numbers of all rows. */
  public int[] numbers(Field field) {
    return field == Field.RANDOM ? random : region;
  }

  /** Makes the cases of these shares, with their exact answers, which takes a while. */
  public List<Case> cases(List<Integer> thousandths) {
    List<Case> cases = new ArrayList<>();
    for (Relation relation : Relation.values()) {
      for (int share : thousandths) {
        cases.add(newCase(relation, share));
      }
    }
    return cases;
  }

  private Case newCase(Relation relation, int thousandths) {
    int count = Math.min(CASE_QUERIES, queriesByNearness.length / 2);
    int[] queries =
        switch (relation) {
          case RANDOM -> IntStream.range(0, count).toArray();
          case CORRELATED -> Arrays.copyOf(queriesByNearness, count);
          case ANTI ->
              Arrays.copyOfRange(
                  queriesByNearness, queriesByNearness.length - count, queriesByNearness.length);
        };
    int windows = relation == Relation.RANDOM ? Math.min(RANDOM_WINDOWS, NUMBERS / thousandths) : 1;
    int[] lows =
        IntStream.range(0, count).map(query -> query % windows * (NUMBERS / windows)).toArray();
    int[] numbers = numbers(relation.field);
    FloatBuffer values = FloatBuffer.allocate(count * set.dimension());
    for (int query : queries) {
      values.put(set.queries().row(query));
    }
    int[] truth =
        ExactNeighbours.of(
            set.base(),
            set.rows(),
            new VectorFile(values.flip(), set.dimension()),
            VectorSet.K,
            (query, row) ->
                numbers[row] >= lows[query] && numbers[row] < lows[query] + thousandths);
    return new Case(relation, thousandths, queries, lows, truth);
  }

  /** Writes everything that another program needs into a folder, as raw little-endian files. */
  public void write(Path folder, List<Case> cases) throws IOException {
    set.write(folder);
    for (Field field : Field.values()) {
      writeInts(folder.resolve(field.label() + ".i32"), numbers(field));
    }
    for (Case each : cases) {
      int[] rows = new int[each.queries().length * (3 + VectorSet.K)];
      int at = 0;
      for (int query = 0; query < each.queries().length; query++) {
        rows[at++] = each.queries()[query];
        rows[at++] = each.lows()[query];
        rows[at++] = each.high(query);
        System.arraycopy(each.truth(), query * VectorSet.K, rows, at, VectorSet.K);
        at += VectorSet.K;
      }
      writeInts(folder.resolve(each.label() + ".i32"), rows);
    }
  }

  private static void writeInts(Path file, int[] values) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(values);
    Files.write(file, bytes.array());
  }
}
