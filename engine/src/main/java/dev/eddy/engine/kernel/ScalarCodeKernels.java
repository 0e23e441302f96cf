package dev.eddy.engine.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The plain twin of {@link PanamaCodeKernels}: equal to the bit. */
final class ScalarCodeKernels implements CodeKernels {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle FLOAT =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

  @Override
  public String describe() {
    return "scalar";
  }

  @Override
  public void sum32(byte[] codes, int codesAt, byte[] tables, int lookups, short[] sums) {
    for (int slot = 0; slot < SLOTS; slot++) {
      int at = codesAt + CodeKernels.byteOf(slot);
      int shift = CodeKernels.shiftOf(slot);
      int sum = 0;
      for (int lookup = 0; lookup < lookups; lookup++) {
        int code = (codes[at + lookup * LOOKUP_BYTES] >>> shift) & 15;
        sum += tables[lookup * LOOKUP_BYTES + code];
      }
      sums[slot] = (short) sum;
    }
  }

  @Override
  public int scale32(
      short[] sums,
      byte[] block,
      int factorsAt,
      int basesAt,
      float step,
      float offset,
      float bias,
      float threshold,
      float[] out) {
    int above = 0;
    for (int slot = 0; slot < SLOTS; slot++) {
      float factor = Float.intBitsToFloat((short) SHORT.get(block, factorsAt + 2 * slot) << 16);
      float value = Math.fma(factor, Math.fma((float) sums[slot], step, offset), bias);
      if (basesAt >= 0) {
        value += (float) FLOAT.get(block, basesAt + 4 * slot);
      }
      out[slot] = value;
      above |= value > threshold ? 1 << slot : 0;
    }
    return above;
  }
}
