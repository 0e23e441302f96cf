package dev.eddy.engine.segment;

import dev.eddy.engine.graph.Rows;
import dev.eddy.engine.quantization.CodeTable;
import dev.eddy.engine.quantization.HeapCodes;
import dev.eddy.engine.quantization.RowQuantizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The codes of one segment's rows, as its field wants them: made in the background from the rows,
 * and kept in step with rows that come. Searches go on by what was there before, other codes or
 * whole rows, until new ones are complete.
 *
 * <p>Threading: the writer's, except for {@link #table}.
 */
final class SegmentCodes {
  private static final Logger log = LoggerFactory.getLogger(SegmentCodes.class);
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final VectorFieldSettings settings;
  private final SegmentResources resources;
  private final FileNames names;
  private final Segment segment;

  private @Nullable CodeSettings wanted;
  private @Nullable Order order;
  private @Nullable SlicedWork<CodeTable> work;
  private boolean isRefused;
  private long notBeforeNanos;
  private volatile long takenBytes;
  private volatile @Nullable CodeTable table;

  /** A file of a checkpoint that is not used yet. */
  private volatile @Nullable FilePart stored;

  /**
   * What is being made.
   *
   * @param takenBytes of the node's memory, for codes that need not be on the heap
   * @param isStored whether it is read from a checkpoint's file
   */
  record Order(CodeSettings due, boolean isOnHeap, long takenBytes, boolean isStored) {}

  /** Without codes. The segment is only looked at from {@link #maintain} on. */
  SegmentCodes(
      VectorFieldSettings settings, SegmentResources resources, FileNames names, Segment segment) {
    this.settings = settings;
    this.resources = resources;
    this.names = names;
    this.segment = segment;
  }

  /** There are codes in a file of the live folder, which are used if they are what is wanted. */
  void restored(FilePart file) {
    stored = file;
  }

  /** Whether rows of this field can be coded at all. */
  static boolean isFor(VectorFieldSettings settings) {
    return settings.graph().hasGraph()
        && RowQuantizer.isFor(settings.metric(), settings.dimension());
  }

  /** From now on the rows are to have these codes; null = none. */
  void want(@Nullable CodeSettings codes) {
    if (Objects.equals(codes, wanted)) {
      return;
    }
    wanted = codes;
    isRefused = false;
    if (order != null && !isServed(codes, order.due())) {
      cancel();
    }
    if (codes == null) {
      replace(null, 0);
      deleteStored();
    }
  }

  /** Whether codes that were asked for in one way are what is asked for in another. */
  private boolean isServed(@Nullable CodeSettings codes, CodeSettings made) {
    return codes != null
        && codes.width() == made.width()
        && (segment instanceof HeapSegment || codes.inMemory() == made.inMemory());
  }

  /**
   * Searches that have borrowed what was there go on with it.
   *
   * @param taken bytes of the node's memory that were taken for it
   */
  private void replace(@Nullable CodeTable next, long taken) {
    CodeTable before = table;
    table = next;
    resources.memory().giveBack(takenBytes);
    takenBytes = taken;
    if (before != null) {
      giveBack(before);
    }
  }

  /**
   * {@link #maintain} where there is no speed form, which is faster and has codes of its own.
   *
   * @param isMade whether one is being made: then no codes are begun
   */
  void maintainBeside(@Nullable FusedGraph speedForm, boolean isMade) {
    if (speedForm != null) {
      replace(null, 0);
      cancel();
      deleteStored();
    } else if (!isMade || isBusy()) {
      maintain();
    }
  }

  /**
   * {@link #maintain} where rows are scanned for want of a graph: once searches would read much.
   * Scanning a few whole rows costs less than choosing among them, and is exact.
   */
  void maintainScanned() {
    long bytes = (long) segment.rowCount() * settings.rowBytes();
    if (bytes > VectorField.WHOLE_TAIL_BYTES || isBusy()) {
      maintain();
    }
  }

  /** Frees what is mapped. Nobody searches the segment any more. */
  void release() {
    replace(null, 0);
    deleteStored();
  }

  private void cancel() {
    if (work != null) {
      CodeTable unwanted = work.cancel();
      if (unwanted != null) {
        giveBack(unwanted);
      }
      if (order != null) {
        resources.memory().giveBack(order.takenBytes());
      }
      work = null;
      order = null;
    }
  }

  /** Codes of all rows that a reader may know of; null = there are none now. */
  @Nullable CodeTable table() {
    return table;
  }

  /** The same for reading it until it is given back. From any thread. */
  @Nullable CodeTable borrow() {
    CodeTable found = table;
    while (found instanceof MappedCodes mapped && !mapped.tryRetain()) {
      found = table; // It was replaced in between.
    }
    return found;
  }

  /** Ends a {@link #borrow}. */
  static void giveBack(CodeTable table) {
    if (table instanceof MappedCodes mapped) {
      mapped.release();
    }
  }

  /** Takes over what a segment made of the same rows while it grew: nothing that is mapped. */
  void adopt(SegmentCodes grown) {
    table = grown.table;
    CodeSettings due = wanted;
    if (table != null && due != null && due.inMemory()) {
      takenBytes = taken(due);
    }
  }

  private long taken(CodeSettings due) {
    long bytes = bytes(due);
    return resources.memory().tryTake(bytes) ? bytes : 0;
  }

  /**
   * Encodes a row that comes next, before its count is released. One that can't be costs the codes,
   * and not the row.
   */
  void append(int ordinal, float[] vector) {
    if (table instanceof HeapCodes codes) {
      try {
        codes.append(ordinal, vector);
      } catch (RuntimeException failure) {
        isRefused = true;
        replace(null, 0);
        log.warn("event=codes-given-up field={} rows={}", settings.fileStem(), ordinal, failure);
      }
    }
  }

  /** Takes over finished work and starts what is due. */
  void maintain() {
    if (work != null && order != null && work.isDone()) {
      takeOver(work, order);
      work = null;
      order = null;
    }
    CodeSettings due = wanted;
    if (work == null && due != null && !isAsWanted(due) && mayTry()) {
      Order begun = begun(due);
      order = begun;
      work = SlicedWork.start(resources.buildPool(), segment, slices(begun));
    }
  }

  private SlicedWork.Slices<CodeTable> slices(Order begun) {
    FilePart file = stored;
    if (begun.isStored() && file != null) {
      return new Reading(
          new CodesFile.Reader(resources.liveFolder().resolve(file.name()), file, settings));
    }
    return new RowEncoding(settings, resources, names, segment, begun);
  }

  /** Reads a checkpoint's file. */
  private record Reading(CodesFile.Reader reader) implements SlicedWork.Slices<CodeTable> {
    @Override
    public @Nullable CodeTable next() throws IOException {
      return reader.next();
    }

    @Override
    public void close() {
      reader.close();
    }
  }

  private Order begun(CodeSettings due) {
    if (segment instanceof HeapSegment) {
      return new Order(due, true, 0, false);
    }
    long taken = isOnHeap(due) ? taken(due) : 0;
    return new Order(due, taken > 0, taken, taken == 0 && stored != null);
  }

  private boolean mayTry() {
    return !isRefused
        && (notBeforeNanos == 0
            || resources.buildPool().nanoClock().getAsLong() - notBeforeNanos >= 0);
  }

  private boolean isAsWanted(CodeSettings due) {
    CodeTable present = table;
    return present != null
        && present.quantizer().width() == due.width()
        && present instanceof HeapCodes == isOnHeap(due);
  }

  /**
   * Rows that grow are on the heap, and so are their codes. Those of other rows are where they were
   * asked to be while there is room: codes that are there stay until memory is short.
   */
  private boolean isOnHeap(CodeSettings due) {
    return segment instanceof HeapSegment
        || (due.inMemory()
            && (takenBytes > 0
                ? !resources.memory().isShort()
                : resources.memory().hasRoomFor(bytes(due))));
  }

  /** What codes take, slabs that are not full left out. */
  private long bytes(CodeSettings due) {
    return Math.max(
        1, (long) settings.dimension() * due.width().bits() / Byte.SIZE * segment.rowCount());
  }

  /** What of the node's memory was taken for codes that need not be on the heap. */
  long takenBytes() {
    return takenBytes;
  }

  /** Links what is in a file, or is to be read from one, into a checkpoint; from any thread. */
  @Nullable FilePart linkInto(Path folder) throws IOException {
    CodeTable present = borrow();
    if (present != null) {
      try {
        return present instanceof MappedCodes mapped ? mapped.linkInto(folder) : null;
      } finally {
        giveBack(present);
      }
    }
    FilePart file = stored;
    try {
      if (file != null) {
        Files.createLink(folder.resolve(file.name()), resources.liveFolder().resolve(file.name()));
      }
    } catch (NoSuchFileException discarded) {
      return null; // Derived: they are made again.
    }
    return file;
  }

  /** Whether there is a file that no checkpoint has. */
  boolean isUnsaved() {
    return table instanceof MappedCodes mapped && !mapped.isSaved();
  }

  private void takeOver(SlicedWork<CodeTable> done, Order due) {
    try {
      CodeTable made = done.join();
      if (due.isStored() && made instanceof MappedCodes mapped) {
        stored = null; // The codes own the file now.
        mapped.setSaved();
      }
      if (made instanceof HeapCodes codes) {
        encodeRest(codes);
      }
      replace(made, due.takenBytes());
      notBeforeNanos = 0;
    } catch (RuntimeException failure) {
      Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
      resources.memory().giveBack(due.takenBytes());
      if (due.isStored()) {
        log.warn(
            "event=codes-not-restored field={} file={} effect=\"made again from the vectors\"",
            settings.fileStem(),
            stored,
            cause);
        deleteStored();
        return;
      }
      boolean isDisk = cause instanceof IOException;
      isRefused = !isDisk;
      notBeforeNanos = resources.buildPool().nanoClock().getAsLong() + RETRY_NANOS;
      log.warn(
          "event=codes-not-made field={} rows={} retry={}",
          settings.fileStem(),
          segment.rowCount(),
          isDisk,
          cause);
    }
  }

  private void deleteStored() {
    FilePart file = stored;
    stored = null;
    if (file != null) {
      try {
        Files.deleteIfExists(resources.liveFolder().resolve(file.name()));
      } catch (IOException failure) {
        log.warn("event=file-delete-failed file={}", file, failure); // Emptied at the next start.
      }
    }
  }

  private void encodeRest(HeapCodes codes) {
    float[] vector = new float[settings.dimension()];
    Rows rows = segment.rows();
    while (codes.count() < segment.rowCount()) {
      rows.copy(codes.count(), vector);
      codes.append(codes.count(), vector);
    }
  }

  /** Whether codes are being made, which {@link #maintain} will take over. */
  boolean isBusy() {
    return work != null;
  }

  /** Ends background work, at most a slice later; what is there stays. */
  void stop() {
    isRefused = true;
    cancel();
  }

  long heapBytes() {
    CodeTable present = table;
    return present == null ? 0 : present.heapBytes();
  }

  long mappedBytes() {
    CodeTable present = table;
    return present == null ? 0 : present.mappedBytes();
  }
}
