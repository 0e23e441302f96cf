package dev.eddy.engine.segment;

import dev.eddy.engine.graph.Rows;
import dev.eddy.engine.quantization.CodeTable;
import dev.eddy.engine.quantization.HeapCodes;
import dev.eddy.engine.quantization.RowQuantizer;
import java.io.IOException;
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
  private static final int SLICE_ROWS = 1_024;
  private static final int ROWS_PER_PAUSE = 64;
  private static final int ROWS_LEFT_TO_WRITER = 256;
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final VectorFieldSettings settings;
  private final SegmentResources resources;
  private final FileNames names;
  private final Segment segment;

  private @Nullable CodeSettings wanted;
  private @Nullable Encoding encoding;
  private @Nullable SlicedWork<CodeTable> work;
  private boolean isRefused;
  private long notBeforeNanos;
  private volatile long takenBytes;
  private volatile @Nullable CodeTable table;

  /** Without codes. The segment is only looked at from {@link #maintain} on. */
  SegmentCodes(
      VectorFieldSettings settings, SegmentResources resources, FileNames names, Segment segment) {
    this.settings = settings;
    this.resources = resources;
    this.names = names;
    this.segment = segment;
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
    if (encoding != null && !isServed(codes, encoding.due)) {
      cancel();
    }
    if (codes == null) {
      replace(null, 0);
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
    } else if (!isMade || isBusy()) {
      maintain();
    }
  }

  /** Frees what is mapped. Nobody searches the segment any more. */
  void release() {
    replace(null, 0);
  }

  private void cancel() {
    if (work != null) {
      CodeTable unwanted = work.cancel();
      if (unwanted != null) {
        giveBack(unwanted);
      }
      if (encoding != null) {
        resources.memory().giveBack(encoding.takenBytes);
      }
      work = null;
      encoding = null;
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

  /** Encodes a row that comes next, before its count is released. */
  void append(int ordinal, float[] vector) {
    if (table instanceof HeapCodes codes) {
      codes.append(ordinal, vector);
    }
  }

  /** Takes over finished work and starts what is due. */
  void maintain() {
    if (work != null && encoding != null && work.isDone()) {
      takeOver(work, encoding);
      work = null;
      encoding = null;
    }
    CodeSettings due = wanted;
    if (work == null && due != null && !isAsWanted(due) && mayTry()) {
      encoding = begun(due);
      work = SlicedWork.start(resources.buildPool(), segment, encoding);
    }
  }

  private Encoding begun(CodeSettings due) {
    if (segment instanceof HeapSegment) {
      return new Encoding(due, true, 0);
    }
    long taken = isOnHeap(due) ? taken(due) : 0;
    return new Encoding(due, taken > 0, taken);
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

  private void takeOver(SlicedWork<CodeTable> done, Encoding due) {
    try {
      CodeTable made = done.join();
      if (made instanceof HeapCodes codes) {
        encodeRest(codes);
      }
      replace(made, due.takenBytes);
      notBeforeNanos = 0;
    } catch (CompletionException failure) {
      resources.memory().giveBack(due.takenBytes);
      boolean isDisk = failure.getCause() instanceof IOException;
      isRefused = !isDisk;
      notBeforeNanos = resources.buildPool().nanoClock().getAsLong() + RETRY_NANOS;
      log.warn(
          "event=codes-not-made field={} rows={} retry={}",
          settings.fileStem(),
          segment.rowCount(),
          isDisk,
          failure.getCause());
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

  /** All but a few last rows of a segment that grows. */
  private final class Encoding implements SlicedWork.Slices<CodeTable> {
    private final CodeSettings due;
    private final boolean isOnHeap;
    private final long takenBytes;
    private final float[] vector = new float[settings.dimension()];
    private @Nullable HeapCodes codes;
    private MappedCodes.@Nullable Writer file;
    private int next;

    Encoding(CodeSettings due, boolean isOnHeap, long takenBytes) {
      this.due = due;
      this.isOnHeap = isOnHeap;
      this.takenBytes = takenBytes;
    }

    @Override
    public @Nullable CodeTable next() throws IOException {
      if (codes == null && file == null) {
        begin(train());
      }
      int count = segment.rowCount();
      int end = Math.min(count, next + SLICE_ROWS);
      while (next < end) {
        if (next % ROWS_PER_PAUSE == 0) {
          resources.buildPool().giveWay();
        }
        segment.rows().copy(next, vector);
        if (file != null) {
          file.append(vector);
        } else if (codes != null) {
          codes.append(next, vector);
        }
        next++;
      }
      if (count - next > (file == null ? ROWS_LEFT_TO_WRITER : 0)) {
        return null;
      }
      return file == null ? codes : file.finish();
    }

    @Override
    public void close() throws IOException {
      if (file != null) {
        file.close();
      }
    }

    private void begin(RowQuantizer quantizer) throws IOException {
      if (isOnHeap) {
        codes = new HeapCodes(quantizer);
      } else {
        file =
            new MappedCodes.Writer(resources.liveFolder().resolve(names.next("codes")), quantizer);
      }
    }

    private RowQuantizer train() {
      RowSample sample = RowSample.of(segment.rows(), segment.rowCount(), RowQuantizer.SAMPLE_MAX);
      return RowQuantizer.train(settings.metric(), settings.dimension(), due.width(), sample);
    }
  }
}
