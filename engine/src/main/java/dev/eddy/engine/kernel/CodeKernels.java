package dev.eddy.engine.kernel;

/**
 * Sums table entries for the codes of 32 slots at once: one table of 16 bytes per look-up, kept in
 * a register, so that a code costs no memory access of its own (André, Kermarrec and Le Scouarnec
 * 2015, "Cache locality is not enough").
 *
 * <p>The codes of one look-up are 16 bytes, two slots each. Slot s lies in byte {@link #byteOf}(s),
 * at bit {@link #shiftOf}(s). Stateless; safe from any thread.
 */
public sealed interface CodeKernels permits PanamaCodeKernels, ScalarCodeKernels {
  /** Slots of a block. */
  int SLOTS = 32;

  /** Bytes of one look-up's codes, and of its table. */
  int LOOKUP_BYTES = 16;

  /** Look-ups per block are a multiple of this. */
  int LOOKUP_MULTIPLE = 4;

  /** Largest entry of a table: four of them fit a byte. */
  int ENTRY_MAX = 63;

  /** The byte of a look-up's 16 that holds this slot. */
  static int byteOf(int slot) {
    return 2 * (slot & 7) + ((slot >>> 3) & 1);
  }

  /** The lowest of the slot's four bits in its byte. */
  static int shiftOf(int slot) {
    return (slot >>> 4) * 4;
  }

  /** A short name for logs. */
  String describe();

  /**
   * {@code sums[s] = sum over l of tables[16 l + code of slot s in look-up l]} for 32 slots.
   *
   * @param codes holds {@code 16 * lookups} bytes from codesAt
   * @param tables 16 entries in [0, {@link #ENTRY_MAX}] per look-up
   * @param lookups a multiple of {@link #LOOKUP_MULTIPLE}, at most 512
   * @param sums 32 sums
   */
  void sum32(byte[] codes, int codesAt, byte[] tables, int lookups, short[] sums);

  /**
   * {@code out[s] = bias + factor of s * (offset + step * sums[s])} for 32 slots, plus the base of
   * s where there are bases.
   *
   * @param block holds 32 factors as bfloat16 from factorsAt and, unless basesAt is negative, 32
   *     floats from there, little endian
   * @return which slots are above the threshold, slot s as bit s
   */
  int scale32(
      short[] sums,
      byte[] block,
      int factorsAt,
      int basesAt,
      float step,
      float offset,
      float bias,
      float threshold,
      float[] out);
}
