package dev.eddy.engine.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Similarities of one query against four rows at once (higher is nearer), written to {@code
 * out[outAt .. outAt + 4)}.
 *
 * <p>{@code length} is the padded row length: a multiple of {@link #rowMultiple()}; query and rows
 * hold zeros from the dimension on. The four rows may be the same. The result for a row does not
 * depend on the three others, nor on whether it lies on the heap or in a segment, so one row has
 * one score wherever it is met. Positions in arrays count floats, positions in segments count
 * bytes; segments are little endian. Stateless; safe from any thread.
 */
public sealed interface Kernels permits PanamaKernels, ScalarKernels {

  /** Rows' padded length must be a multiple of this: 8 or 16 floats. */
  int rowMultiple();

  /** A short name for logs. */
  String describe();

  /** Dot products. */
  void dot4(
      float[] q,
      int qAt,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      float[] d,
      int dAt,
      int length,
      float[] out,
      int outAt);

  /** Minus the squared Euclidean distances. */
  void euclid4(
      float[] q,
      int qAt,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      float[] d,
      int dAt,
      int length,
      float[] out,
      int outAt);

  /** Minus the sums of absolute differences. */
  void manhattan4(
      float[] q,
      int qAt,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      float[] d,
      int dAt,
      int length,
      float[] out,
      int outAt);

  /** Dot products with mapped rows. */
  void dot4(
      float[] q,
      int qAt,
      MemorySegment rows,
      long a,
      long b,
      long c,
      long d,
      int length,
      float[] out,
      int outAt);

  /** Minus the squared Euclidean distances to mapped rows. */
  void euclid4(
      float[] q,
      int qAt,
      MemorySegment rows,
      long a,
      long b,
      long c,
      long d,
      int length,
      float[] out,
      int outAt);

  /** Minus the sums of absolute differences to mapped rows. */
  void manhattan4(
      float[] q,
      int qAt,
      MemorySegment rows,
      long a,
      long b,
      long c,
      long d,
      int length,
      float[] out,
      int outAt);

  /** The padded length of a row of this dimension for these kernels. */
  default int padded(int dimension) {
    int multiple = rowMultiple();
    return (dimension + multiple - 1) / multiple * multiple;
  }
}
