package dev.eddy.engine.quantization;

import dev.eddy.engine.kernel.CodeKernels;

/**
 * Where things lie in a block of 32 coded vectors, in bytes from its start, little endian.
 *
 * <pre>
 *   ids      32 * int32      only where hasIds; -1 = empty slot
 *   factors  32 * bfloat16
 *   bases    32 * float32    only where hasBases
 *   codes    lookups * 16    two slots a byte, see {@link CodeKernels}
 * </pre>
 *
 * @param lookups nibbles of a code, a multiple of {@link CodeKernels#LOOKUP_MULTIPLE}
 */
public record CodeLayout(int lookups, boolean hasBases, boolean hasIds) {
  /** The same block with ids, or without. */
  public CodeLayout withIds(boolean withIds) {
    return new CodeLayout(lookups, hasBases, withIds);
  }

  /** Where the factors start. */
  public int factors() {
    return hasIds ? CodeKernels.SLOTS * Integer.BYTES : 0;
  }

  /** Where the bases start. */
  public int bases() {
    return factors() + CodeKernels.SLOTS * Short.BYTES;
  }

  /** Where the codes start. */
  public int codes() {
    return bases() + (hasBases ? CodeKernels.SLOTS * Float.BYTES : 0);
  }

  /** Length of a block. */
  public int blockBytes() {
    return codes() + lookups * CodeKernels.LOOKUP_BYTES;
  }
}
