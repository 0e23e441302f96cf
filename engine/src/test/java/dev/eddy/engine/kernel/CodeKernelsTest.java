package dev.eddy.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The SIMD kernels for codes against the scalar ones, which are against their definition. */
final class CodeKernelsTest {
  private static final int AT = 7;

  private final CodeKernels simd = new PanamaCodeKernels();
  private final CodeKernels scalar = new ScalarCodeKernels();

  @Test
  void everySlotHasFourBitsOfItsOwn() {
    int[] taken = new int[CodeKernels.LOOKUP_BYTES];
    for (int slot = 0; slot < CodeKernels.SLOTS; slot++) {
      int bits = 15 << CodeKernels.shiftOf(slot);
      assertThat(taken[CodeKernels.byteOf(slot)] & bits).as("slot %d", slot).isZero();
      taken[CodeKernels.byteOf(slot)] |= bits;
    }
    assertThat(taken).containsOnly(0xff);
  }

  @Test
  void sumsAreThoseOfTheTablesForEveryNumberOfLookups() {
    for (int lookups = 4; lookups <= 512; lookups += 4) {
      Random random = new Random(lookups);
      byte[] codes = new byte[AT + lookups * CodeKernels.LOOKUP_BYTES];
      random.nextBytes(codes);
      byte[] tables = new byte[lookups * CodeKernels.LOOKUP_BYTES];
      for (int i = 0; i < tables.length; i++) {
        // All at their largest now and then: nothing may overflow.
        tables[i] = (byte) (lookups % 8 == 0 ? CodeKernels.ENTRY_MAX : random.nextInt(64));
      }
      short[] fromSimd = new short[CodeKernels.SLOTS];
      short[] fromScalar = new short[CodeKernels.SLOTS];
      simd.sum32(codes, AT, tables, lookups, fromSimd);
      scalar.sum32(codes, AT, tables, lookups, fromScalar);
      assertThat(fromSimd).as("lookups %d", lookups).isEqualTo(fromScalar);
      assertThat((int) fromScalar[9]).isEqualTo(sumOfSlot(9, codes, tables, lookups));
    }
  }

  private static int sumOfSlot(int slot, byte[] codes, byte[] tables, int lookups) {
    int sum = 0;
    for (int lookup = 0; lookup < lookups; lookup++) {
      int pair = codes[AT + 16 * lookup + CodeKernels.byteOf(slot)] & 0xff;
      sum += tables[16 * lookup + (pair >> CodeKernels.shiftOf(slot)) % 16];
    }
    return sum;
  }

  @Test
  void scaledSumsAreEqualToTheBit() {
    Random random = new Random(3);
    for (int round = 0; round < 200; round++) {
      short[] sums = new short[CodeKernels.SLOTS];
      byte[] block = new byte[AT + 64 + 128];
      for (int slot = 0; slot < CodeKernels.SLOTS; slot++) {
        sums[slot] = (short) random.nextInt(32_000);
        int factor = Float.floatToRawIntBits(random.nextFloat() * 3) >>> 16;
        block[AT + 2 * slot] = (byte) factor;
        block[AT + 2 * slot + 1] = (byte) (factor >>> 8);
        int base = Float.floatToRawIntBits((float) random.nextGaussian());
        for (int i = 0; i < 4; i++) {
          block[AT + 64 + 4 * slot + i] = (byte) (base >>> (8 * i));
        }
      }
      int basesAt = round % 2 == 0 ? -1 : AT + 64;
      float threshold = (float) random.nextGaussian() * 10;
      float[] fromSimd = new float[CodeKernels.SLOTS];
      float[] fromScalar = new float[CodeKernels.SLOTS];
      int simdMask = simd.scale32(sums, block, AT, basesAt, 0.001f, -3, 0.5f, threshold, fromSimd);
      int scalarMask =
          scalar.scale32(sums, block, AT, basesAt, 0.001f, -3, 0.5f, threshold, fromScalar);
      assertThat(fromSimd).isEqualTo(fromScalar);
      assertThat(simdMask).isEqualTo(scalarMask);
      for (int slot = 0; slot < CodeKernels.SLOTS; slot++) {
        assertThat((scalarMask >>> slot & 1) == 1).isEqualTo(fromScalar[slot] > threshold);
      }
    }
  }

  @Test
  void theSelectorPrefersSimdWhereTheModuleIsPresent() {
    assertThat(KernelSelector.codeKernels().describe()).startsWith("simd-");
  }
}
