package dev.eddy.bench.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Rows of length one, queries, and the exact nearest rows of each query by cosine. A folder with
 * {@code base.f32}, {@code query.f32} and {@code gt.i32}, all little endian.
 */
public final class VectorSet {
  /** Neighbours per query. */
  public static final int K = 10;

  private final String name;
  private final VectorFile base;
  private final VectorFile queries;
  private final int rows;
  private final int[] truth;

  private VectorSet(String name, VectorFile base, VectorFile queries, int rows, int[] truth) {
    this.name = name;
    this.base = base;
    this.queries = queries;
    this.rows = rows;
    this.truth = truth;
  }

  /**
   * Opens a folder. Fewer rows than it has get their own exact neighbours, which takes a while.
   *
   * @param rows rows to use, 0 = all
   */
  public static VectorSet open(Path folder, int rows) throws IOException {
    Path truthFile = folder.resolve("gt.i32");
    Path queryFile = folder.resolve("query.f32");
    if (!Files.isRegularFile(truthFile)) {
      throw new IOException(
          "no benchmark data in " + folder + "; bench/fetch-data fetches the word vectors");
    }
    IntBuffer neighbours = VectorFile.ints(truthFile);
    int queryCount = neighbours.limit() / K;
    int dimension = (int) (Files.size(queryFile) / Float.BYTES / queryCount);
    VectorFile base = VectorFile.open(folder.resolve("base.f32"), dimension);
    VectorFile queries = VectorFile.open(queryFile, dimension);
    int used = rows == 0 ? base.rows() : Math.min(rows, base.rows());
    int[] truth = new int[neighbours.limit()];
    if (used == base.rows()) {
      neighbours.get(0, truth);
    } else {
      truth = ExactNeighbours.of(base, used, queries, K);
    }
    return new VectorSet(
        folder.toAbsolutePath().normalize().getFileName().toString(), base, queries, used, truth);
  }

  /** The same with its first rows only, and neighbours as they are: for warming up. */
  public VectorSet first(int most) {
    return new VectorSet(name, base, queries, Math.min(most, rows), truth);
  }

  /** Name of the folder. */
  public String name() {
    return name;
  }

  /** Rows in use: {@code [0, rows)}. */
  public int rows() {
    return rows;
  }

  /** Floats per row. */
  public int dimension() {
    return base.dimension();
  }

  /** The rows, perhaps more than are in use. */
  public VectorFile base() {
    return base;
  }

  /** The queries. */
  public VectorFile queries() {
    return queries;
  }

  /** The {@link #K} exact neighbours of each query, one query after the other. */
  public int[] truth() {
    return truth.clone();
  }

  /** Writes the rows in use, the queries and their neighbours into a folder. */
  public void write(Path folder) throws IOException {
    write(base.values().slice(0, rows * dimension()), folder.resolve("base.f32"));
    write(queries.values().duplicate(), folder.resolve("query.f32"));
    ByteBuffer bytes =
        ByteBuffer.allocate(truth.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(truth);
    Files.write(folder.resolve("gt.i32"), bytes.array());
  }

  private static void write(FloatBuffer values, Path file) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.remaining() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    Files.write(file, bytes.array());
  }

  /** How many of these are among the exact neighbours of a query. */
  public int hits(int query, long[] found) {
    int hits = 0;
    for (long id : found) {
      for (int i = 0; i < K; i++) {
        if (truth[query * K + i] == id) {
          hits++;
        }
      }
    }
    return hits;
  }
}
