package dev.eddy.engine.multi;

import static java.util.Objects.requireNonNull;

import dev.eddy.engine.column.ColumnCheckpoint;
import dev.eddy.engine.column.ColumnEntry;
import dev.eddy.engine.column.ColumnHome;
import dev.eddy.engine.column.ColumnManifest;
import dev.eddy.engine.column.ColumnSettings;
import dev.eddy.engine.column.SlotColumn;
import dev.eddy.engine.kernel.Normalizer;
import dev.eddy.engine.segment.CodeSettings;
import dev.eddy.engine.segment.FusedPolicy;
import dev.eddy.engine.segment.LiveSlots;
import dev.eddy.engine.segment.SegmentResources;
import dev.eddy.engine.segment.VectorField;
import dev.eddy.engine.segment.VectorFieldCheckpoint;
import dev.eddy.engine.segment.VectorFieldManifest;
import dev.eddy.engine.segment.VectorFieldSettings;
import dev.eddy.engine.segment.VectorFieldStats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The rows of multivectors, each a vector of its own, in graphs that find the ones near a row of a
 * query. All of it is made from a {@link MultiField}.
 *
 * <p>Rows are numbered as they come; to the graphs a number is a slot. A number is never given
 * again, so graphs of a checkpoint go on with the numbers that they were made with.
 *
 * <p>Threading: owned by the shard's writer; readers use a {@link #view}.
 */
public final class RowGraph implements AutoCloseable {
  /** Numbers there are. */
  public static final int NUMBERS_MAX = Integer.MAX_VALUE - (1 << 20);

  private static final String NUMBERS_STEM = "-numbers";
  private static final int CHUNK_UNITS = 1 << 17;
  private static final float[] NO_FLOAT = {0};

  /** Floats that are taken over at once: 4 MiB. */
  private static final int FILLED_AT_ONCE = 1 << 20;

  private final VectorField rows;

  /** By slot: the number of its first row. */
  private final SlotColumn numbers;

  private final RowOwners owners = new RowOwners();
  private final int numbersMax;
  private final boolean isOfAnyLength;
  private final float[] scratch;

  /** Slots below this are here, as far as they have rows; of no meaning when it is complete. */
  private int filled;

  private boolean isComplete = true;

  private RowGraph(VectorField rows, SlotColumn numbers, int numbersMax, boolean isOfAnyLength) {
    this.rows = rows;
    this.numbers = numbers;
    this.numbersMax = numbersMax;
    this.isOfAnyLength = isOfAnyLength;
    this.scratch = new float[rows.settings().dimension()];
  }

  private static ColumnSettings numbers(VectorFieldSettings settings) {
    return new ColumnSettings(settings.fileStem() + NUMBERS_STEM, 1, 1, 1, CHUNK_UNITS);
  }

  private static ColumnHome home(SegmentResources resources) {
    return new ColumnHome(
        resources.liveFolder(),
        resources.background(),
        true,
        ColumnHome.SEALED_BYTES,
        resources.buildPool().nanoClock(),
        resources.damage());
  }

  /**
   * Without rows yet: it is to be {@linkplain #fill filled}.
   *
   * @param field whose rows it will have
   * @param numbersMax rows that may be numbered, at most {@link #NUMBERS_MAX}
   */
  public static RowGraph begin(
      VectorFieldSettings settings,
      SegmentResources resources,
      @Nullable CodeSettings codes,
      int numbersMax,
      MultiField field) {
    RowGraph graph =
        new RowGraph(
            VectorField.create(settings, resources),
            SlotColumn.create(numbers(settings), home(resources)),
            numbersMax,
            field.isOfAnyLength());
    graph.code(codes);
    graph.isComplete = false;
    return graph;
  }

  /**
   * Takes over some more of the rows that a field holds for live slots: a few milliseconds of work,
   * and no more than is linked meanwhile. Until all are there nothing is found by the graph, and
   * {@link #append} leaves everything to this.
   *
   * @return whether all are there now, which they were not before
   */
  public boolean fill(MultiField field, IntPredicate isLive) {
    // Beyond that the writer would wait.
    long room = isComplete ? 0 : rows.unlinkedRowsMax() + 1L - rows.stats().unlinkedRows();
    long some = Math.min(room, Math.max(1, FILLED_AT_ONCE / scratch.length));
    while (some > 0 && filled < field.slotCount()) {
      int rowCount = isLive.test(filled) ? field.rowCount(filled) : 0;
      if (!hasRoom(rowCount)) {
        return false;
      }
      if (rowCount > 0) {
        add(filled, rowCount, field.rows(filled));
      }
      some -= Math.max(rowCount, 1);
      filled++;
    }
    if (isComplete || filled < field.slotCount()) {
      return false;
    }
    isComplete = true;
    return true;
  }

  /** Whether all rows of the field are there, and found. */
  public boolean isComplete() {
    return isComplete;
  }

  /**
   * What a checkpoint holds, of rows and of their numbers.
   *
   * @param field as of the same moment
   * @param isComplete whether it was when it was stored
   * @param isLive which slots are live
   */
  public static RowGraph restore(
      MultiField field,
      IntPredicate isLive,
      VectorFieldSettings settings,
      SegmentResources resources,
      Path checkpointFolder,
      VectorFieldManifest ofRows,
      ColumnManifest ofNumbers,
      boolean isComplete)
      throws IOException {
    SlotColumn numbers =
        SlotColumn.restore(numbers(settings), home(resources), checkpointFolder, ofNumbers, isLive);
    RowGraph graph;
    try {
      graph =
          new RowGraph(
              VectorField.restore(settings, resources, checkpointFolder, ofRows),
              numbers,
              NUMBERS_MAX,
              field.isOfAnyLength());
    } catch (IOException | RuntimeException e) {
      numbers.close();
      throw e;
    }
    try {
      graph.takeNumbers(field, isLive);
    } catch (UncheckedIOException damaged) {
      graph.close();
      throw requireNonNull(damaged.getCause(), "cause");
    }
    graph.isComplete = isComplete;
    graph.filled = numbers.slotCount();
    return graph;
  }

  private void takeNumbers(MultiField field, IntPredicate isLive) {
    ColumnEntry entry = new ColumnEntry();
    int slots = field.slotCount();
    for (int slot = 0; slot < slots; slot++) {
      if (isLive.test(slot) && numbers.find(slot, entry)) {
        owners.append(entry.ints()[entry.from()], field.rowCount(slot), slot);
      }
    }
    // Numbers of rows that are dead, yet there.
    owners.append(rows.lastSlot() + 1, 0, RowOwners.NONE);
  }

  /** Whether there are numbers for so many rows; else the graph is to be made anew. */
  public boolean hasRoom(int rowCount) {
    return owners.count() <= numbersMax - rowCount;
  }

  /**
   * Adds a multivector, which is copied.
   *
   * @param slot above every slot appended before
   * @param stored rows one behind the other, as the field has them
   */
  public void append(int slot, int rowCount, float[] stored) {
    if (isComplete) {
      add(slot, rowCount, stored);
    }
  }

  private void add(int slot, int rowCount, float[] stored) {
    int first = owners.count();
    numbers.append(slot, 1, new int[] {first}, NO_FLOAT);
    for (int row = 0; row < rowCount; row++) {
      System.arraycopy(stored, row * scratch.length, scratch, 0, scratch.length);
      if (isOfAnyLength) {
        Normalizer.normalize(scratch);
      }
      rows.append(first + row, scratch);
    }
    owners.append(first, rowCount, slot);
  }

  /** A slot is superseded or deleted; once per slot. One without rows here is ignored. */
  public void noteDead(int slot) {
    ColumnEntry entry = new ColumnEntry();
    if (numbers.find(slot, entry)) {
      int first = entry.ints()[entry.from()];
      int row = first;
      for (; owners.of(row) == slot; row++) {
        rows.noteDead(row);
      }
      owners.noteDead(first, row - first);
      numbers.noteDead(slot);
    }
  }

  /**
   * Starts and takes over background work.
   *
   * @return whether readers are to get another view
   */
  public boolean maintain(LiveSlots live) {
    boolean hasChanged =
        rows.maintain(row -> {
          int slot = owners.of(row);
          return slot != RowOwners.NONE && live.isLive(slot);
        });
    return numbers.maintain() || hasChanged;
  }

  /** What begins its files' names. */
  public String fileStem() {
    return rows.settings().fileStem();
  }

  /** As {@link VectorField#configure}. */
  public void configure(VectorFieldSettings settings, FusedPolicy policy) {
    rows.configure(settings, policy);
  }

  /** From now on rows are searched by these codes; null = by themselves. */
  public void code(@Nullable CodeSettings codes) {
    rows.code(codes);
  }

  /** Everything appended so far, to be released by the taker. */
  public RowGraphView view() {
    return new RowGraphView(rows.snapshot(), owners.view(), numbers.view());
  }

  public boolean isBusy() {
    return rows.isBusy() || numbers.isBusy();
  }

  /** As of {@link VectorField#readAhead}. */
  public void readAhead() {
    rows.readAhead();
  }

  /** As of {@link VectorField#isOptimizing}. */
  public boolean isOptimizing() {
    return rows.isOptimizing();
  }

  /** As of {@link VectorField#hasUnsavedWork}. */
  public boolean hasUnsavedWork(boolean isFinal) {
    return rows.hasUnsavedWork(isFinal);
  }

  /** What does not succeed for now. */
  public Optional<String> problem() {
    return rows.problem();
  }

  /** As of {@link VectorField#delay}. */
  public Optional<String> delay() {
    return rows.delay();
  }

  /** Of rows, not of multivectors. */
  public VectorFieldStats stats() {
    return rows.stats();
  }

  /** Beside what the stats of the rows say. */
  public long numbersHeapBytes() {
    return numbers.heapBytes() + owners.heapBytes();
  }

  /** Beside what the stats of the rows say. */
  public long numbersFileBytes() {
    return numbers.fileBytes();
  }

  /** Takes what a checkpoint of this moment holds of rows, without touching the disk. */
  public VectorFieldCheckpoint beginRowsCheckpoint(boolean isFinal) {
    return rows.beginCheckpoint(isFinal);
  }

  /** Takes what a checkpoint of this moment holds of their numbers. */
  public ColumnCheckpoint beginNumbersCheckpoint() {
    return numbers.beginCheckpoint();
  }

  @Override
  public void close() {
    rows.close();
    numbers.close();
  }
}
