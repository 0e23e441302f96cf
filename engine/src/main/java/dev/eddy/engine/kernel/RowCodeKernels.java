package dev.eddy.engine.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Products of a query of small whole numbers with codes of 1, 2 or 4 bits a number, and the
 * rotation that codes are made after.
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

  /** Largest number of a query, either sign: what a short of a chunk adds up fits a short. */
  int QUERY_MAX = 127;

  /** A short name for logs. */
  String describe();

  /**
   * The sum of {@code number[n] * query[n]} for a code on the heap.
   *
   * @param query within {@link #QUERY_MAX}, as many as the chunks hold
   * @param bits of a number: 1, 2 or 4
   */
  int dot(short[] query, byte[] codes, int at, int bits, int chunks);

  /** The same for a mapped code; positions count bytes. */
  int dot(short[] query, MemorySegment codes, long at, int bits, int chunks);

  /**
   * The transform of Walsh and Hadamard in place, not scaled: lengths grow by the root of the size.
   *
   * @param size a power of two, at least 16
   */
  void hadamard(float[] values, int at, int size);
}
