package dev.eddy.engine.multi;

import dev.eddy.engine.column.ColumnCheckpoint;
import dev.eddy.engine.column.ColumnEntry;
import dev.eddy.engine.column.ColumnHome;
import dev.eddy.engine.column.ColumnManifest;
import dev.eddy.engine.column.ColumnSettings;
import dev.eddy.engine.column.SlotColumn;
import dev.eddy.engine.kernel.ElementType;
import dev.eddy.engine.kernel.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * All multivectors of one name of one shard, by slot.
 *
 * <p>Threading: owned by the shard's writer; readers use a {@link #view}.
 */
public final class MultiField implements AutoCloseable {
  private static final int CHUNK_FLOATS = 1 << 20;

  /** Of rows in memory and in files: for kernels of every machine. */
  private static final int STRIDE_MULTIPLE = 16;

  private static final int[] NO_INTS = {};

  private final Metric metric;
  private final SlotColumn column;
  private boolean isOfAnyLength;
  private long liveRows;

  private MultiField(Metric metric, SlotColumn column) {
    this.metric = metric;
    this.column = column;
  }

  private static ColumnSettings settings(String fileStem, int dimension, ElementType type) {
    int stride = (dimension + STRIDE_MULTIPLE - 1) / STRIDE_MULTIPLE * STRIDE_MULTIPLE;
    return new ColumnSettings(
        fileStem, 0, dimension, stride, Math.max(1, CHUNK_FLOATS / stride), type);
  }

  /**
   * An empty field.
   *
   * @param type how numbers of rows are kept, which can say each of them
   * @param home of its files
   */
  public static MultiField create(
      String fileStem, int dimension, ElementType type, Metric metric, ColumnHome home) {
    return new MultiField(metric, SlotColumn.create(settings(fileStem, dimension, type), home));
  }

  /**
   * The field as a checkpoint holds it; sealed files are mapped, others are read.
   *
   * @param type how numbers of rows are kept from here on; files of builds before have floats
   * @param isLive which slots are live
   */
  public static MultiField restore(
      String fileStem,
      int dimension,
      ElementType type,
      Metric metric,
      ColumnHome home,
      Path checkpointFolder,
      ColumnManifest manifest,
      IntPredicate isLive)
      throws IOException {
    MultiField field =
        new MultiField(
            metric,
            SlotColumn.restore(
                settings(fileStem, dimension, type), home, checkpointFolder, manifest, isLive));
    for (int slot = 0; slot < field.slotCount(); slot++) {
      field.liveRows += isLive.test(slot) ? field.rowCount(slot) : 0;
    }
    return field;
  }

  public Metric metric() {
    return metric;
  }

  /**
   * From now on rows are kept as long as they come, and compared by {@code COSINE} all the same.
   */
  public void keepLengths() {
    isOfAnyLength = true;
  }

  /** Whether rows are as long as they came. */
  boolean isOfAnyLength() {
    return isOfAnyLength;
  }

  /** Floats of a row. */
  public int dimension() {
    return column.settings().floatsPerUnit();
  }

  /**
   * Adds a multivector, which is copied.
   *
   * @param slot above every slot appended before
   * @param rows one behind the other; normalised by the caller for {@code COSINE}, unless lengths
   *     are kept
   * @throws IllegalArgumentException when the field's type can't say a number exactly
   */
  public void append(int slot, int rowCount, float[] rows) {
    column.append(slot, rowCount, NO_INTS, rows);
    liveRows += rowCount;
  }

  /** No slot at or above this has a multivector. */
  public int slotCount() {
    return column.slotCount();
  }

  /** Rows of a slot; 0 where it has no multivector. */
  public int rowCount(int slot) {
    ColumnEntry entry = new ColumnEntry();
    return column.find(slot, entry) ? entry.units() : 0;
  }

  /** Rows of all live slots. */
  public long liveRows() {
    return liveRows;
  }

  /** Whether the slot has a multivector. */
  public boolean contains(int slot) {
    return column.contains(slot);
  }

  /** The rows of a slot, one behind the other; empty where it has none. */
  public float[] rows(int slot) {
    ColumnEntry entry = new ColumnEntry();
    return column.find(slot, entry) ? MultiView.unpadded(entry, column.settings()) : new float[0];
  }

  /** A slot is superseded or deleted; once per slot. One without a multivector is ignored. */
  public void noteDead(int slot) {
    liveRows -= rowCount(slot);
    column.noteDead(slot);
  }

  /**
   * Takes over and starts background work: files, and letting go of what is dead. Readers see no
   * difference.
   *
   * @return whether readers should get another view
   */
  public boolean maintain() {
    return column.maintain();
  }

  /** Whether background work is under way. */
  public boolean isBusy() {
    return column.isBusy();
  }

  /** As of {@link SlotColumn#readAhead}. */
  public void readAhead(boolean isWanted) {
    column.readAhead(isWanted);
  }

  /** Why files can't be written for now; empty when nothing failed. */
  public Optional<String> problem() {
    return column.problem();
  }

  /** Bytes of rows of live slots, on the heap or mapped. */
  public long dataBytes() {
    return column.dataBytes();
  }

  /** Everything appended so far. Cheap. */
  public MultiView view() {
    return new MultiView(metric, isOfAnyLength, column.view());
  }

  /** Takes what a checkpoint of this moment holds, without touching the disk. */
  public ColumnCheckpoint beginCheckpoint() {
    return column.beginCheckpoint();
  }

  /** Live slots with a multivector. */
  public int live() {
    return column.live();
  }

  public long heapBytes() {
    return column.heapBytes();
  }

  public long fileBytes() {
    return column.fileBytes();
  }

  @Override
  public void close() {
    column.close();
  }
}
