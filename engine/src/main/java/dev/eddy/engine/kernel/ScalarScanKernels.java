package dev.eddy.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Without SIMD. */
final class ScalarScanKernels implements ScanKernels {
  @Override
  public void addProducts(
      int[] sums, int from, MemorySegment codes, long at, int count, int factor) {
    for (int i = 0; i < count; i++) {
      sums[from + i] += factor * (codes.get(ValueLayout.JAVA_BYTE, at + i) & 0xff);
    }
  }

  @Override
  public int atLeast(int[] values, int from, int to, int bound, int[] places) {
    int found = 0;
    for (int i = from; i < to; i++) {
      if (values[i] >= bound) {
        places[found++] = i;
      }
    }
    return found;
  }
}
