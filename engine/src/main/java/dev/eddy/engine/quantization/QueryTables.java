package dev.eddy.engine.quantization;

import dev.eddy.engine.kernel.CodeKernels;
import dev.eddy.engine.kernel.KernelSelector;

/**
 * What a query looks up codes in: one table per nibble. Filled by {@link PairQuantizer#prepare};
 * re-usable, not thread-safe.
 */
public final class QueryTables {
  private static final CodeKernels KERNELS = KernelSelector.codeKernels();

  float[] centred = new float[0];
  float[] rotated = new float[0];
  float[] products = new float[0];
  byte[] entries = new byte[0];
  float step;
  float offset;
  float bias;

  /** For {@link RowSketches}: the query's numbers in 4 bits, per word one long of each bit. */
  long[] planes = new long[0];

  float planeStep;
  float planeLow;
  float planeMiddle;
  long touched;

  private final short[] sums = new short[CodeKernels.SLOTS];

  private int[] sketchProducts = new int[64];

  int[] sketchProducts(int count) {
    if (sketchProducts.length < count) {
      sketchProducts = new int[count];
    }
    return sketchProducts;
  }

  void makeRoom(int stride, int lookups) {
    if (entries.length != lookups * CodeKernels.LOOKUP_BYTES) {
      centred = new float[stride];
      rotated = new float[lookups * 2];
      products = new float[lookups * CodeKernels.LOOKUP_BYTES];
      entries = new byte[lookups * CodeKernels.LOOKUP_BYTES];
    }
  }

  /**
   * Estimated similarities of the query with the 32 vectors of a block.
   *
   * @param out 32 estimates; those of empty slots mean nothing
   * @return which slots are above the threshold, slot s as bit s; empty slots may be among them
   */
  public int estimate(byte[] block, int at, CodeLayout layout, float threshold, float[] out) {
    KERNELS.sum32(block, at + layout.codes(), entries, layout.lookups(), sums);
    return KERNELS.scale32(
        sums,
        block,
        at + layout.factors(),
        layout.hasBases() ? at + layout.bases() : -1,
        step,
        offset,
        bias,
        threshold,
        out);
  }
}
