package dev.eddy.engine.column;

import dev.eddy.engine.format.ChecksummedWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Writes the data of a sealed file, and keeps the checksum of each block of it. One thread. */
final class RunBlocks {
  private final ChecksummedWriter out;
  private final byte[] block = new byte[ColumnRun.BLOCK_BYTES];
  private final MemorySegment target = MemorySegment.ofArray(block);
  private final CRC32C crc = new CRC32C();
  private int filled;
  private int[] sums = new int[16];
  private int count;

  RunBlocks(ChecksummedWriter out) {
    this.out = out;
  }

  /** Adds bytes of 4-byte values, which are in the order of the layout. */
  void put(MemorySegment source, ValueLayout.OfInt layout, long from, long bytes)
      throws IOException {
    for (long done = 0; done < bytes; ) {
      long step = Math.min(bytes - done, block.length - filled);
      MemorySegment.copy(
          source, layout, from + done, target, ColumnRun.INT, filled, step / Integer.BYTES);
      filled += (int) step;
      done += step;
      if (filled == block.length) {
        write(block);
      }
    }
  }

  private void write(byte[] bytes) throws IOException {
    crc.reset();
    crc.update(bytes);
    if (count == sums.length) {
      sums = Arrays.copyOf(sums, count * 2);
    }
    sums[count++] = (int) crc.getValue();
    out.putBytes(bytes);
    filled = 0;
  }

  /** Checksums of all blocks, the last of which may be a short one. */
  int[] finish() throws IOException {
    if (filled > 0) {
      write(Arrays.copyOf(block, filled));
    }
    return Arrays.copyOf(sums, count);
  }
}
