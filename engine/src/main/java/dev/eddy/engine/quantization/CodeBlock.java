package dev.eddy.engine.quantization;

import dev.eddy.engine.kernel.CodeKernels;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Writes slots of blocks, see {@link CodeLayout}. */
public final class CodeBlock {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private CodeBlock() {}

  /** Writes a code of one nibble per byte. */
  static void write(
      byte[] block, int at, CodeLayout layout, int slot, byte[] code, float factor, float base) {
    SHORT.set(block, at + layout.factors() + 2 * slot, bfloat16(factor));
    if (layout.hasBases()) {
      INT.set(block, at + layout.bases() + 4 * slot, Float.floatToRawIntBits(base));
    }
    int to = at + layout.codes() + CodeKernels.byteOf(slot);
    int shift = CodeKernels.shiftOf(slot);
    int keep = ~(15 << shift);
    for (int lookup = 0; lookup < layout.lookups(); lookup++) {
      block[to] = (byte) ((block[to] & keep) | (code[lookup] << shift));
      to += CodeKernels.LOOKUP_BYTES;
    }
  }

  /** Copies a slot of one block into a slot of another with the same look-ups; ids are not. */
  public static void copy(
      byte[] from,
      int fromAt,
      CodeLayout fromLayout,
      int fromSlot,
      byte[] to,
      int toAt,
      CodeLayout toLayout,
      int toSlot) {
    SHORT.set(
        to,
        toAt + toLayout.factors() + 2 * toSlot,
        (short) SHORT.get(from, fromAt + fromLayout.factors() + 2 * fromSlot));
    if (toLayout.hasBases()) {
      INT.set(
          to,
          toAt + toLayout.bases() + 4 * toSlot,
          (int) INT.get(from, fromAt + fromLayout.bases() + 4 * fromSlot));
    }
    int source = fromAt + fromLayout.codes() + CodeKernels.byteOf(fromSlot);
    int sourceShift = CodeKernels.shiftOf(fromSlot);
    int target = toAt + toLayout.codes() + CodeKernels.byteOf(toSlot);
    int targetShift = CodeKernels.shiftOf(toSlot);
    int keep = ~(15 << targetShift);
    for (int lookup = 0; lookup < toLayout.lookups(); lookup++) {
      int nibble = (from[source] >>> sourceShift) & 15;
      to[target] = (byte) ((to[target] & keep) | (nibble << targetShift));
      source += CodeKernels.LOOKUP_BYTES;
      target += CodeKernels.LOOKUP_BYTES;
    }
  }

  /** The id in a slot; negative = empty. */
  public static int id(byte[] block, int at, int slot) {
    return (int) INT.get(block, at + Integer.BYTES * slot);
  }

  /** Writes the id of a slot. */
  public static void setId(byte[] block, int at, int slot, int id) {
    INT.set(block, at + Integer.BYTES * slot, id);
  }

  /** The nearest of the floats that have only the upper half of their bits. */
  static short bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}
