package dev.eddy.engine.sparse;

import dev.eddy.engine.column.ColumnCheckpoint;
import dev.eddy.engine.column.ColumnManifest;
import dev.eddy.engine.column.ColumnSettings;
import dev.eddy.engine.column.SlotColumn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.IntPredicate;

/**
 * All sparse vectors of one name of one shard, by slot and by index. Files hold the vectors; the
 * index is made anew from them when the shard is opened.
 *
 * <p>Threading: owned by the shard's writer; readers use a {@link #view}.
 */
public final class SparseField implements AutoCloseable {
  /** 2 MiB of indices and weights. */
  private static final int CHUNK_UNITS = 1 << 18;

  /** Postings read by one call of {@link #maintain}: a few milliseconds. */
  private static final int REWRITTEN_AT_ONCE = 1 << 20;

  private final SlotColumn column;
  private final InvertedIndex index = new InvertedIndex();
  private final SlotColumn.Entry scratch = new SlotColumn.Entry();

  /** Live slots whose vector has an index. */
  private int indexed;

  private SparseField(SlotColumn column) {
    this.column = column;
  }

  private static ColumnSettings settings(String fileStem) {
    return new ColumnSettings(fileStem, 1, 1, 1, CHUNK_UNITS);
  }

  /**
   * An empty field.
   *
   * @param liveFolder for its files
   */
  public static SparseField create(String fileStem, Path liveFolder) {
    return new SparseField(SlotColumn.create(settings(fileStem), liveFolder));
  }

  /**
   * The field as a checkpoint holds it; every byte is read and checked.
   *
   * @param slotCount all slots are below it
   * @param isLive which slots are live
   */
  public static SparseField restore(
      String fileStem,
      Path liveFolder,
      Path checkpointFolder,
      ColumnManifest manifest,
      int slotCount,
      IntPredicate isLive)
      throws IOException {
    SparseField field =
        new SparseField(
            SlotColumn.restore(settings(fileStem), liveFolder, checkpointFolder, manifest, isLive));
    for (int slot = 0; slot < slotCount; slot++) {
      if (isLive.test(slot) && field.column.find(slot, field.scratch)) {
        for (int at = field.scratch.from(); at < field.scratch.to(); at++) {
          field.index.append(slot, field.scratch.ints()[at], field.scratch.floats()[at]);
        }
        field.indexed += field.scratch.units() > 0 ? 1 : 0;
      }
    }
    return field;
  }

  /**
   * Adds a vector, which is copied.
   *
   * @param slot above every slot appended before
   * @param vector indices ascending
   */
  public void append(int slot, SparseQuery vector) {
    column.append(slot, vector.indices().length, vector.indices(), vector.values());
    for (int i = 0; i < vector.indices().length; i++) {
      index.append(slot, vector.indices()[i], vector.values()[i]);
    }
    indexed += vector.indices().length > 0 ? 1 : 0;
  }

  /** Whether the slot has a vector. */
  public boolean contains(int slot) {
    return column.contains(slot);
  }

  /** Puts the vector of a slot in reach until the next append; false when there is none. */
  public boolean find(int slot, SlotColumn.Entry entry) {
    return column.find(slot, entry);
  }

  /** A slot is superseded or deleted; once per slot. One without a vector is ignored. */
  public void noteDead(int slot) {
    if (column.find(slot, scratch)) {
      for (int at = scratch.from(); at < scratch.to(); at++) {
        index.noteDead(scratch.ints()[at]);
      }
      indexed -= scratch.units() > 0 ? 1 : 0;
      column.noteDead(slot);
    }
  }

  /**
   * Lets go of some of what is dead. Readers see no difference.
   *
   * @return whether there was something
   */
  public boolean maintain(IntPredicate isLive) {
    boolean wasCompacted = column.compact(isLive);
    return index.rewrite(REWRITTEN_AT_ONCE, isLive) || wasCompacted;
  }

  /** Everything appended so far. Cheap. */
  public SparseView view() {
    return new SparseView(column.view(), index.view(), indexed);
  }

  /** Takes what a checkpoint of this moment holds, without touching the disk. */
  public ColumnCheckpoint beginCheckpoint() {
    return column.beginCheckpoint();
  }

  /** Live slots with a vector. */
  public int live() {
    return column.live();
  }

  public long heapBytes() {
    return column.heapBytes() + index.heapBytes();
  }

  public long fileBytes() {
    return column.fileBytes();
  }

  @Override
  public void close() {
    column.close();
  }
}
