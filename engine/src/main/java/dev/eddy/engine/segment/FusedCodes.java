package dev.eddy.engine.segment;

import dev.eddy.engine.graph.HeapLinks;
import dev.eddy.engine.graph.HeapRows;
import dev.eddy.engine.graph.NeighborBlocks;
import dev.eddy.engine.quantization.PairQuantizer;
import dev.eddy.engine.quantization.PairTraining;
import dev.eddy.engine.quantization.RowCodes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a growing segment fused codes once it is large enough, and keeps them in step.
 *
 * <p>In the background a quantiser is trained and the rows are encoded; the writer encodes what has
 * come since, and from then on each row before it is released. Then the blocks of the nodes linked
 * so far are written in the background while linking goes on. Until that is done searches walk the
 * plain graph. Empty slots are filled at rest ({@link PlaceFilling}). When the budget has no room
 * left, or memory is short, everything is given up, and this is of no more use: once there is room
 * again the segment starts over with another ({@link #mayStartOver}). After a failure it does not.
 *
 * <p>Threading: the writer's, except for {@link #rowCodes}, {@link #graph}, {@link #release} and
 * {@link #heapBytes}.
 */
final class FusedCodes {
  private static final Logger log = LoggerFactory.getLogger(FusedCodes.class);
  private static final int ROWS_LEFT_TO_WRITER = 256;
  private static final int ENCODE_ROUNDS_MAX = 8;
  private static final long WAIT_NANOS = 100_000;

  /**
   * More rows by this part are to have room where codes are made once more, or with more slots than
   * links.
   */
  private static final int GROWTH_DIVISOR = 4;

  private final VectorFieldSettings settings;
  private final FusedPolicy policy;
  private final MemoryBudget memory;
  private final BuildPool pool;
  private final HeapRows rows;
  private final HeapLinks links;
  private final AtomicLong takenBytes = new AtomicLong();

  private @Nullable CompletableFuture<@Nullable NeighborBlocks> encoding;
  private @Nullable CompletableFuture<NeighborBlocks> mirroring;

  /** Given up for want of room, which may be looked for again some time later. */
  private boolean isOutOfRoom;

  private long notBeforeNanos;

  private volatile boolean isGivenUp;
  private volatile boolean isReleased;
  private volatile @Nullable RowCodes codes;
  private volatile @Nullable FusedGraph graph;

  FusedCodes(
      VectorFieldSettings settings, SegmentResources resources, HeapRows rows, HeapLinks links) {
    this.settings = settings;
    this.policy = resources.fused();
    this.memory = resources.memory();
    this.pool = resources.buildPool();
    this.rows = rows;
    this.links = links;
    this.isGivenUp = !policy.isFor(settings);
  }

  /** Codes of all rows that a reader may know of; null = there are none yet. */
  @Nullable RowCodes rowCodes() {
    return codes;
  }

  /** What searches walk; null = the plain graph. */
  @Nullable FusedGraph graph() {
    return graph;
  }

  /**
   * Encodes a row that comes next, before its count is released. One that can't be costs the codes,
   * and not the row.
   */
  void append(float[] vector) {
    RowCodes active = codes;
    try {
      if (active != null && takeRoomFor(active.count() + 1)) {
        active.append(vector);
      }
    } catch (RuntimeException failure) {
      giveUp(failure);
    }
  }

  /** Takes over finished work and starts what is due. */
  void maintain() {
    var _ = advance();
  }

  /** Makes codes and blocks, a step at a time; false when there are to be none. */
  private boolean advance() {
    if (isGivenUp) {
      return false;
    }
    if (memory.isShort() && (codes != null || encoding != null)) {
      giveUpForRoom();
      return false;
    }
    if (codes == null && encoding == null && rows.count() >= policy.minRows()) {
      encoding = inBackground(this::encodeRows, pool::submitPressing);
    }
    try {
      takeOver();
    } catch (CompletionException failure) {
      giveUp(failure.getCause());
      return false;
    } catch (RuntimeException failure) {
      giveUp(failure);
      return false;
    }
    return true;
  }

  /** Waits until rows have codes, if they are to get any; returns whether they have. */
  boolean await() {
    if (codes == null && advance()) {
      while (encoding != null && !encoding.isDone() && !isGivenUp) {
        if (Thread.currentThread().isInterrupted()) {
          return false; // Parking would return at once.
        }
        LockSupport.parkNanos(WAIT_NANOS);
      }
      var _ = advance();
    }
    return codes != null;
  }

  private void takeOver() {
    if (encoding != null && encoding.isDone()) {
      NeighborBlocks blocks = encoding.join();
      encoding = null;
      activate(blocks);
    }
    if (mirroring != null && mirroring.isDone()) {
      NeighborBlocks blocks = mirroring.join();
      links.moveIntoBlocks();
      graph = new FusedGraph(blocks.codes(), blocks);
      mirroring = null;
    }
  }

  /** Whether there is nothing and will be nothing here. */
  boolean isGivenUp() {
    return isGivenUp;
  }

  /**
   * Whether everything was given up for want of room, a while ago, and there is room by now, for
   * some more rows, too: what fits narrowly would soon be given up again.
   */
  boolean mayStartOver() {
    return isOutOfRoom
        && pool.nanoClock().getAsLong() - notBeforeNanos >= 0
        && !memory.isShort()
        && policy.hasRoomFor(settings, grown(rows.count()), 0);
  }

  private static int grown(int count) {
    return count + count / GROWTH_DIVISOR;
  }

  /** Ends background work; what is there stays. */
  void stop() {
    isGivenUp = true;
    isOutOfRoom = false;
  }

  /** Whether background work is under way, which {@link #maintain} will take over. */
  boolean isBusy() {
    return encoding != null || mirroring != null;
  }

  private <T extends @Nullable Object> CompletableFuture<T> inBackground(
      Supplier<T> work, Predicate<Runnable> submit) {
    CompletableFuture<T> result = new CompletableFuture<>();
    boolean isQueued =
        submit.test(() -> {
          try {
            result.complete(work.get());
          } catch (Throwable failure) {
            result.completeExceptionally(failure);
          }
        });
    if (!isQueued) {
      isGivenUp = true;
    }
    return result;
  }

  /** Empty blocks with room for the rows, which are encoded; null when there is no room. */
  private @Nullable NeighborBlocks encodeRows() {
    RowCodes encoded = new RowCodes(train());
    int slots = policy.slotsWithin(settings, grown(rows.count()));
    NeighborBlocks blocks = new NeighborBlocks(encoded, slots);
    float[] vector = new float[settings.dimension()];
    for (int round = 0; round < ENCODE_ROUNDS_MAX; round++) {
      int count = rows.count();
      if (!take(blocks, count)) {
        return null;
      }
      encodeUpTo(encoded, count, vector);
      if (rows.count() - count <= ROWS_LEFT_TO_WRITER) {
        break;
      }
    }
    return blocks;
  }

  private PairQuantizer train() {
    RowSample sample = RowSample.of(rows, rows.count(), PairTraining.SAMPLE_MAX);
    int dimension = settings.dimension();
    return PairTraining.train(settings.metric(), dimension, sample.copies(dimension));
  }

  private void encodeUpTo(RowCodes encoded, int count, float[] vector) {
    while (encoded.count() < count && !isReleased) { // Else nobody wants them.
      rows.copy(encoded.count(), vector);
      encoded.append(vector);
    }
  }

  private void activate(@Nullable NeighborBlocks blocks) {
    if (blocks == null || !take(blocks, rows.count())) {
      giveUpForRoom();
      return;
    }
    RowCodes encoded = blocks.codes();
    encodeUpTo(encoded, rows.count(), new float[settings.dimension()]);
    links.attach(blocks);
    codes = encoded;
    int linked = encoded.count();
    mirroring =
        inBackground(
            () -> {
              links.mirror(blocks, linked);
              return blocks;
            },
            pool::submit);
  }

  private boolean takeRoomFor(int count) {
    NeighborBlocks blocks = links.attached();
    if (blocks != null && take(blocks, count)) {
      return true;
    }
    giveUpForRoom();
    return false;
  }

  private boolean take(NeighborBlocks blocks, int count) {
    long bytes = blocks.growthBytes(count);
    if (bytes > 0) {
      if (!policy.budget().tryTake(bytes)) {
        return false;
      }
      takenBytes.addAndGet(bytes);
      if (isReleased) {
        release(); // What was taken in the background after the end would be taken for good.
        return false;
      }
      blocks.reserve(count);
    }
    return true;
  }

  private void giveUp(@Nullable Throwable cause) {
    log.warn(
        "event=fused-codes-given-up field={} rows={}", settings.fileStem(), rows.count(), cause);
    giveUp();
  }

  private void giveUpForRoom() {
    boolean isRoomAll = !isGivenUp; // What was stopped, too, stays so.
    giveUp();
    isOutOfRoom = isRoomAll;
    notBeforeNanos = pool.nanoClock().getAsLong() + FusedPolicy.RETRY_NANOS;
  }

  private void giveUp() {
    links.detach(); // First, since it takes memory: where there is none nothing has changed.
    isGivenUp = true;
    graph = null;
    codes = null;
    encoding = null;
    mirroring = null;
    release();
  }

  /** Gives back what was taken of the budget. Nobody searches the segment any more. */
  void release() {
    isReleased = true;
    policy.budget().giveBack(takenBytes.getAndSet(0));
  }

  /** Leaves the budget that was taken to who goes on with the graph; returns how much. */
  long handOver() {
    return takenBytes.getAndSet(0);
  }

  /** Bytes that blocks and codes hold: those taken of the budget. */
  long heapBytes() {
    return takenBytes.get();
  }
}
