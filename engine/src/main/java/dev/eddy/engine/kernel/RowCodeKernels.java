package dev.eddy.engine.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Products of one query of small whole numbers with four codes of 1, 2, 4 or 8 bits a number, and
 * the rotation that codes are made after.
 *
 * <p>A code is chunks of {@link #CHUNK_BYTES}: 16 shorts, little endian. Short s holds {@code 16 /
 * bits} numbers from its lowest bits up; the n-th of them is number {@code 16 n + s} of the chunk.
 * So one load, shift and mask yields 16 numbers that lie side by side in the query. Stateless; safe
 * from any thread.
 */
public sealed interface RowCodeKernels permits PanamaRowCodeKernels, ScalarRowCodeKernels {
  /** Bytes of a chunk. */
  int CHUNK_BYTES = 32;

  /** Shorts of a chunk. */
  int CHUNK_SHORTS = 16;

  /** Numbers that a chunk holds. */
  static int chunkNumbers(int bits) {
    return CHUNK_BYTES * Byte.SIZE / bits;
  }

  /** Largest number of a query, either sign: two products of this and 255 fit a short. */
  static int queryMax(int bits) {
    return bits == 8 ? 63 : 127;
  }

  /** Chunks whose products fit a short whatever the numbers are. */
  static int chunksPerSum(int bits) {
    return switch (bits) {
      case 1 -> 16;
      case 2 -> 10;
      case 4 -> 4;
      default -> 1;
    };
  }

  /** A short name for logs. */
  String describe();

  /**
   * {@code out[outAt + i] = sum of number[n] * query[n]} for four codes on the heap, which may be
   * the same.
   *
   * @param query within {@link #queryMax}, as many as the chunks hold
   * @param bits of a number: 1, 2, 4 or 8
   */
  void dot4(
      short[] query,
      byte[] a,
      int aAt,
      byte[] b,
      int bAt,
      byte[] c,
      int cAt,
      byte[] d,
      int dAt,
      int bits,
      int chunks,
      int[] out,
      int outAt);

  /** The same for mapped codes; positions count bytes. */
  void dot4(
      short[] query,
      MemorySegment codes,
      long a,
      long b,
      long c,
      long d,
      int bits,
      int chunks,
      int[] out,
      int outAt);

  /**
   * The transform of Walsh and Hadamard in place, not scaled: lengths grow by the root of the size.
   *
   * @param size a power of two, at least 16
   */
  void hadamard(float[] values, int at, int size);
}
