package dev.eddy.engine.kernel;

import java.lang.foreign.MemorySegment;

/**
 * {@link Kernels} for rows of fewer bytes per number than floats have, of one {@link ElementType}.
 * Each number becomes the float that it stands for, and then all is as there: a row's score is, bit
 * for bit, that of a row of these floats. The query is of floats.
 *
 * <p>{@code length} counts numbers, as there, and so does {@code qAt}; positions in rows count
 * bytes.
 */
public sealed interface NarrowKernels
    permits PanamaFloat16Kernels, PanamaUint8Kernels, ScalarNarrowKernels {

  /** A short name for logs. */
  String describe();

  /** Dot products. */
  void dot4(
      float[] q,
      int qAt,
      byte[] a,
      int aAt,
      byte[] b,
      int bAt,
      byte[] c,
      int cAt,
      byte[] d,
      int dAt,
      int length,
      float[] out,
      int outAt);

  /** Minus the squared Euclidean distances. */
  void euclid4(
      float[] q,
      int qAt,
      byte[] a,
      int aAt,
      byte[] b,
      int bAt,
      byte[] c,
      int cAt,
      byte[] d,
      int dAt,
      int length,
      float[] out,
      int outAt);

  /** Minus the sums of absolute differences. */
  void manhattan4(
      float[] q,
      int qAt,
      byte[] a,
      int aAt,
      byte[] b,
      int bAt,
      byte[] c,
      int cAt,
      byte[] d,
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

  /** Reads the first {@code count} numbers of a row to {@code out[outAt ..)}. */
  void widen(byte[] rows, int at, float[] out, int outAt, int count);

  /** Reads the first {@code count} numbers of a mapped row to {@code out[outAt ..)}. */
  void widen(MemorySegment rows, long at, float[] out, int outAt, int count);
}
