package dev.eddy.engine.format;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Checksums of the blocks of {@link CheckedBlocks}, as they are written. Not thread-safe. */
final class BlockSums {
  private final int blockBytes;
  private final CRC32C crc = new CRC32C();
  private int filled;
  private int[] sums = new int[16];
  private int count;

  BlockSums(int blockBytes) {
    this.blockBytes = blockBytes;
  }

  /** Takes all bytes of the buffer. */
  void update(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      int step = Math.min(bytes.remaining(), blockBytes - filled);
      crc.update(bytes.slice(bytes.position(), step));
      bytes.position(bytes.position() + step);
      filled += step;
      if (filled == blockBytes) {
        add();
      }
    }
  }

  private void add() {
    if (count == sums.length) {
      sums = Arrays.copyOf(sums, count * 2);
    }
    sums[count++] = (int) crc.getValue();
    crc.reset();
    filled = 0;
  }

  /** Those of all blocks, the last of which may be a short one. */
  int[] finish() {
    if (filled > 0) {
      add();
    }
    return Arrays.copyOf(sums, count);
  }
}
