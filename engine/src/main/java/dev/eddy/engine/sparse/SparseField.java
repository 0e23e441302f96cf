package dev.eddy.engine.sparse;

import dev.eddy.engine.column.ColumnCheckpoint;
import dev.eddy.engine.column.ColumnEntry;
import dev.eddy.engine.column.ColumnHome;
import dev.eddy.engine.column.ColumnManifest;
import dev.eddy.engine.column.ColumnSettings;
import dev.eddy.engine.column.SlotColumn;
import dev.eddy.engine.format.CorruptFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All sparse vectors of one name of one shard, by slot and by index. The vectors are what counts;
 * the index is derived from them, and stored so that it need not be made again.
 *
 * <p>Threading: owned by the shard's writer; readers use a {@link #view}.
 */
public final class SparseField implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SparseField.class);

  /** 2 MiB of indices and weights. */
  private static final int CHUNK_UNITS = 1 << 18;

  private final SlotColumn column;
  private final SparseIndex index;
  private final ColumnEntry scratch = new ColumnEntry();

  /** Live slots whose vector has an index. */
  private int indexed;

  private SparseField(SlotColumn column, SparseIndex index) {
    this.column = column;
    this.index = index;
  }

  private static ColumnSettings columnOf(SparseSettings settings) {
    return new ColumnSettings(settings.fileStem(), 1, 1, 1, CHUNK_UNITS);
  }

  private static ColumnHome homeOf(SparseSettings settings) {
    return new ColumnHome(
        settings.liveFolder(),
        settings.background(),
        !settings.isOnDisk(),
        settings.sealedMin() * SparseSettings.ENTRY_BYTES,
        settings.nanoClock(),
        settings.damage());
  }

  /** An empty field. */
  public static SparseField create(SparseSettings settings) {
    SlotColumn column = SlotColumn.create(columnOf(settings), homeOf(settings));
    return new SparseField(column, new SparseIndex(settings, column, 1));
  }

  /**
   * What a checkpoint says of a field.
   *
   * @param folder where its files are
   * @param index {@link SparseManifest#NONE} where the index is to be made from the vectors
   */
  public record Stored(Path folder, ColumnManifest vectors, SparseManifest index) {}

  /**
   * The field as a checkpoint holds it. Sealed files of vectors and of the index are mapped, others
   * are read. A damaged file of the index is set aside, and what it said made again.
   *
   * @param slotCount all slots are below it
   * @param isLive which slots are live
   */
  public static SparseField restore(
      SparseSettings settings, Stored stored, int slotCount, IntPredicate isLive)
      throws IOException {
    SlotColumn column =
        SlotColumn.restore(
            columnOf(settings), homeOf(settings), stored.folder, stored.vectors, isLive);
    SparseIndex index = new SparseIndex(settings, column, stored.index.nextFile());
    for (SparseManifest.Run run : stored.index.runs()) {
      restoreRun(settings, stored.folder, run, index);
    }
    SparseField field = new SparseField(column, index);
    for (int slot = 0; slot < slotCount; slot++) {
      if (!isLive.test(slot)) {
        index.restoreDead(slot);
      } else if (column.find(slot, field.scratch)) {
        index.restoreLive(slot, field.scratch);
        field.indexed += field.scratch.units() > 0 ? 1 : 0;
      }
    }
    index.restored();
    return field;
  }

  private static void restoreRun(
      SparseSettings settings, Path folder, SparseManifest.Run stored, SparseIndex index)
      throws IOException {
    Path source = folder.resolve(stored.name());
    try {
      PostingRun.open(source, stored);
    } catch (CorruptFileException damaged) {
      log.error(
          "event=sparse-index-damaged file={} effect=\"set aside, and made again from the vectors\" reason=\"{}\"",
          source,
          damaged.getMessage());
      if (Files.exists(source)) {
        Files.move(source, source.resolveSibling(stored.name() + ".corrupt"));
      }
      return;
    }
    Path target = settings.liveFolder().resolve(stored.name());
    Files.deleteIfExists(target);
    Files.createLink(target, source);
    index.addStored(PostingRun.open(target, stored));
  }

  /**
   * Adds a vector, which is copied.
   *
   * @param slot above every slot appended before
   * @param vector indices ascending
   */
  public void append(int slot, SparseQuery vector) {
    column.append(slot, vector.indices().length, vector.indices(), vector.values());
    if (column.find(slot, scratch)) {
      index.append(slot, scratch);
    }
    indexed += vector.indices().length > 0 ? 1 : 0;
  }

  /** Whether the slot has a vector. */
  public boolean contains(int slot) {
    return column.contains(slot);
  }

  /** Puts the vector of a slot in reach until the next append; false when there is none. */
  public boolean find(int slot, ColumnEntry entry) {
    return column.find(slot, entry);
  }

  /** A slot is superseded or deleted; once per slot. One without a vector is ignored. */
  public void noteDead(int slot) {
    if (column.find(slot, scratch)) {
      index.noteDead(slot, scratch);
      indexed -= scratch.units() > 0 ? 1 : 0;
      column.noteDead(slot);
    }
  }

  /**
   * Takes over and starts background work, and lets go of some of what is dead. Readers see no
   * difference but in speed.
   *
   * @return whether there was something
   */
  public boolean maintain(IntPredicate isLive) {
    boolean isSealed = column.maintain();
    return index.maintain(isLive) || isSealed;
  }

  /** Whether background work is under way or is to be tried again. */
  public boolean isBusy() {
    return index.isBusy() || column.isBusy();
  }

  /** As of {@link SlotColumn#readAhead}, of vectors and index. */
  public void readAhead(boolean isWanted) {
    column.readAhead(isWanted);
    index.readAhead(isWanted);
  }

  /** Why files can't be written for now; empty when nothing failed. */
  public Optional<String> problem() {
    return index.problem().or(column::problem);
  }

  /** Everything appended so far. Cheap. */
  public SparseView view() {
    return new SparseView(column.view(), index.view(), indexed);
  }

  /** The field at one moment, to be written by any one thread. Close it, written or not. */
  public static final class Checkpoint implements AutoCloseable {
    private final ColumnCheckpoint vectors;
    private final SparseIndex.Checkpoint index;

    private Checkpoint(ColumnCheckpoint vectors, SparseIndex.Checkpoint index) {
      this.vectors = vectors;
      this.index = index;
    }

    /**
     * Brings the files up to the moment this was taken, forces them to disk and hard-links them
     * into the folder. The caller forces the folder and stores the manifests.
     */
    public Stored writeTo(Path folder) throws IOException {
      return new Stored(folder, vectors.writeTo(folder), index.writeTo(folder));
    }

    @Override
    public void close() {
      vectors.close();
      index.close();
    }
  }

  /** Takes what a checkpoint of this moment holds, without touching the disk. */
  public Checkpoint beginCheckpoint() {
    return new Checkpoint(column.beginCheckpoint(), index.beginCheckpoint());
  }

  /** Live slots with a vector. */
  public int live() {
    return column.live();
  }

  public long heapBytes() {
    return column.heapBytes() + index.heapBytes();
  }

  /** Bytes of the vectors of live slots, on the heap or mapped. */
  public long dataBytes() {
    return column.dataBytes();
  }

  public long fileBytes() {
    return column.fileBytes() + index.fileBytes();
  }

  @Override
  public void close() {
    column.close();
    index.close();
  }
}
