package dev.eddy.engine.segment;

/**
 * By what rows are searched, and what that takes, in memory and mapped.
 *
 * @param wholeRows rows that are compared themselves
 * @param codedRows rows with codes of their own
 * @param fusedRows rows in the speed form of a graph
 * @param rowBytes of the rows themselves
 * @param linkBytes of graphs
 * @param codeBytes of rows' own codes
 * @param fusedBytes of speed forms
 */
public record FormStats(
    long wholeRows,
    long codedRows,
    long fusedRows,
    long rowBytes,
    long linkBytes,
    long codeBytes,
    long fusedBytes) {
  /** No rows. */
  public static final FormStats NONE = new FormStats(0, 0, 0, 0, 0, 0, 0);

  /** Those of a segment. */
  static FormStats of(
      Segment segment, long rowBytes, long linkBytes, long codeBytes, long fusedBytes) {
    long rows = segment.rowCount();
    boolean isFused = segment.fusedGraph() != null;
    boolean isCoded = !isFused && segment.codeTable() != null;
    return new FormStats(
        isFused || isCoded ? 0 : rows,
        isCoded ? rows : 0,
        isFused ? rows : 0,
        rowBytes,
        linkBytes,
        codeBytes,
        fusedBytes);
  }

  /** Both together. */
  public FormStats plus(FormStats other) {
    return new FormStats(
        wholeRows + other.wholeRows,
        codedRows + other.codedRows,
        fusedRows + other.fusedRows,
        rowBytes + other.rowBytes,
        linkBytes + other.linkBytes,
        codeBytes + other.codeBytes,
        fusedBytes + other.fusedBytes);
  }
}
