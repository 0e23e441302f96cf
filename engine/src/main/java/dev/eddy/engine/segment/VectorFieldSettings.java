package dev.eddy.engine.segment;

import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.graph.HeapRows;
import dev.eddy.engine.kernel.ElementType;
import dev.eddy.engine.kernel.Metric;
import java.util.regex.Pattern;

/**
 * How one vector field is stored and searched. Immutable.
 *
 * @param fileStem prefix of the field's files, 1 to 100 of {@code [a-zA-Z0-9_-]}; unique in the
 *     shard
 * @param dimension floats per vector, 1 to 65,536
 * @param metric how vectors are compared
 * @param elementType how their numbers are kept; it can say every number that is appended
 * @param isOnDisk whether sealed segments are to be read from the disk as they are needed: then the
 *     kernel does not read around what is asked for
 * @param graph how graphs are built; m = 0 means none
 * @param maxUnlinkedRows rows that may wait for linking while searches run
 * @param sealRows rows at which the growing segment seals
 * @param mergeRows rows of a segment that others are merged into, at most: all of them are on the
 *     heap while that is made
 * @param fullScanRows up to this many rows a segment is scanned and gets no graph; {@link
 *     Integer#MAX_VALUE}: no graph is begun, and what has one keeps it
 * @param maxIndexingThreads build threads that may link this field at once; 0 = all of the pool
 */
public record VectorFieldSettings(
    String fileStem,
    int dimension,
    Metric metric,
    ElementType elementType,
    boolean isOnDisk,
    GraphParams graph,
    int maxUnlinkedRows,
    int sealRows,
    int mergeRows,
    int fullScanRows,
    int maxIndexingThreads) {
  /** Largest dimension. */
  public static final int DIMENSION_MAX = 65_536;

  /** Rows of a segment at most, set by the width of an entry in the search beam. */
  public static final int SEAL_ROWS_MAX = 1 << 29;

  /** Growing segments that are merged into one at most, where nothing else is said. */
  private static final int MERGE_SEGMENTS_MAX = 8;

  /** Each segment costs a search; what this gains of memory is worth it. */
  private static final long SHORT_SEAL_BYTES = 16L << 20;

  private static final Pattern STEM = Pattern.compile("[a-zA-Z0-9_-]{1,100}");

  /** Checks the ranges. */
  public VectorFieldSettings {
    if (!STEM.matcher(fileStem).matches()) {
      throw new IllegalArgumentException(
          "fileStem must match %s, got %s".formatted(STEM, fileStem));
    }
    inRange("dimension", dimension, 1, DIMENSION_MAX);
    inRange("maxUnlinkedRows", maxUnlinkedRows, 1, Integer.MAX_VALUE);
    inRange("sealRows", sealRows, 1, SEAL_ROWS_MAX);
    inRange("mergeRows", mergeRows, 1, SEAL_ROWS_MAX);
    inRange("fullScanRows", fullScanRows, 0, Integer.MAX_VALUE);
    inRange("maxIndexingThreads", maxIndexingThreads, 0, 1024);
  }

  /** Floats, merged up to eight times what is sealed. */
  public VectorFieldSettings(
      String fileStem,
      int dimension,
      Metric metric,
      GraphParams graph,
      int maxUnlinkedRows,
      int sealRows,
      int fullScanRows,
      int maxIndexingThreads) {
    this(
        fileStem,
        dimension,
        metric,
        ElementType.FLOAT32,
        false,
        graph,
        maxUnlinkedRows,
        sealRows,
        (int) Math.min((long) MERGE_SEGMENTS_MAX * sealRows, SEAL_ROWS_MAX),
        fullScanRows,
        maxIndexingThreads);
  }

  /** Rows at which the growing segment seals while memory is short: fewer, which are not many. */
  int shortSealRows() {
    return Math.clamp(SHORT_SEAL_BYTES / rowBytes(), 1, sealRows);
  }

  /** Bytes of a row's numbers, without padding. */
  public int rowBytes() {
    return elementType.bytes() * dimension;
  }

  private static void inRange(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s must be in [%d, %d], got %d".formatted(name, least, most, value));
    }
  }

  /** Whether rows kept by other settings can be kept by these. */
  boolean isFor(VectorFieldSettings other) {
    return fileStem.equals(other.fileStem)
        && dimension == other.dimension
        && metric == other.metric
        && elementType == other.elementType;
  }

  /** The same with another graph. */
  VectorFieldSettings with(GraphParams params) {
    return with(elementType, isOnDisk, params);
  }

  /** The same with numbers that are kept in another way, for tests. */
  VectorFieldSettings with(ElementType type) {
    return with(type, isOnDisk, graph);
  }

  /** The same with sealed segments on the disk. */
  public VectorFieldSettings onDisk() {
    return with(elementType, true, graph);
  }

  private VectorFieldSettings with(ElementType type, boolean isNowOnDisk, GraphParams params) {
    return new VectorFieldSettings(
        fileStem,
        dimension,
        metric,
        type,
        isNowOnDisk,
        params,
        maxUnlinkedRows,
        sealRows,
        mergeRows,
        fullScanRows,
        maxIndexingThreads);
  }

  /** Empty rows. */
  HeapRows newRows() {
    return HeapRows.of(metric, dimension, elementType);
  }

  /** Links that a row may have on the lowest layer. */
  public int links() {
    return graph.m0();
  }

  /** Whether rows are linked. */
  public boolean hasGraph() {
    return graph.hasGraph();
  }

  /** Whether segments that have no graph are never to get one, however large they are. */
  boolean isScannedForGood() {
    return fullScanRows == Integer.MAX_VALUE;
  }
}
