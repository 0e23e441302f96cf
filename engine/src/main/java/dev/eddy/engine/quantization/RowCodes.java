package dev.eddy.engine.quantization;

import dev.eddy.engine.kernel.CodeKernels;
import java.util.Arrays;

/**
 * Codes of numbered rows, append-only, in blocks of 32.
 *
 * <p>Threading: one appending thread at a time, which hands over with a happens-before edge; any
 * number of readers of rows that were appended before they were told of these rows.
 */
public final class RowCodes {
  private static final int SLAB_SHIFT = 6;
  private static final int SLAB_BLOCKS = 1 << SLAB_SHIFT;
  private static final int BLOCK_SHIFT = 5;

  private final PairQuantizer quantizer;
  private final PairQuantizer.Scratch scratch;
  private final CodeLayout layout;
  private final RowSketches sketches;

  private volatile byte[][] slabs = new byte[0][];
  private int count;

  /** Without rows. */
  public RowCodes(PairQuantizer quantizer) {
    this.quantizer = quantizer;
    this.scratch = new PairQuantizer.Scratch(quantizer);
    this.layout = quantizer.layout();
    this.sketches = quantizer.newSketches();
  }

  /** How the rows are encoded. */
  public PairQuantizer quantizer() {
    return quantizer;
  }

  /** How the blocks are laid out. */
  public CodeLayout layout() {
    return layout;
  }

  /** The same rows one by one. */
  public RowSketches sketches() {
    return sketches;
  }

  /**
   * Makes a query ready for estimates from blocks and from sketches.
   *
   * @param query as {@link PairQuantizer#prepare} takes it
   */
  public void prepareWithSketch(float[] query, int queryAt, QueryTables tables) {
    quantizer.prepare(query, queryAt, tables);
    sketches.prepare(tables);
  }

  /** Rows appended. Appending thread only. */
  public int count() {
    return count;
  }

  /** Encodes the next row. */
  public void append(float[] vector) {
    int ordinal = count;
    byte[][] current = slabs;
    int slab = ordinal >>> (SLAB_SHIFT + BLOCK_SHIFT);
    if (slab == current.length) {
      current = Arrays.copyOf(current, slab + 1);
      current[slab] = new byte[SLAB_BLOCKS * layout.blockBytes()];
      slabs = current;
    }
    quantizer.encode(vector, current[slab], blockAt(ordinal), slotOf(ordinal), sketches, scratch);
    count = ordinal + 1;
  }

  /** The array that holds the block of this row. */
  public byte[] slabOf(int ordinal) {
    return slabs[ordinal >>> (SLAB_SHIFT + BLOCK_SHIFT)];
  }

  /** Where the row's block starts in its slab. */
  public int blockAt(int ordinal) {
    return ((ordinal >>> BLOCK_SHIFT) & (SLAB_BLOCKS - 1)) * layout.blockBytes();
  }

  /** The row's slot in its block. */
  public static int slotOf(int ordinal) {
    return ordinal & (CodeKernels.SLOTS - 1);
  }

  /** Bytes that a row takes, its sketch included, in blocks of this layout. */
  public static int rowBytes(CodeLayout layout) {
    return layout.blockBytes() / CodeKernels.SLOTS
        + RowSketches.rowBytes(2 * layout.lookups(), layout.hasBases());
  }
}
