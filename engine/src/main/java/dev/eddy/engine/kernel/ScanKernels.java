package dev.eddy.engine.kernel;

import java.lang.foreign.MemorySegment;

/** Adds up and looks through the sums of a scan. Stateless; safe from any thread. */
public sealed interface ScanKernels permits PanamaScanKernels, ScalarScanKernels {
  /** Values are taken in groups of so many. */
  int GROUP = 64;

  /** Adds {@code factor * code} to sums; codes are unsigned bytes, a multiple of a group. */
  void addProducts(int[] sums, int from, MemorySegment codes, long at, int count, int factor);

  /**
   * Finds the values that are at least the bound.
   *
   * @param from to, a multiple of {@link #GROUP} apart
   * @param places takes their positions, ascending; as long as there are values
   * @return how many
   */
  int atLeast(int[] values, int from, int to, int bound, int[] places);
}
