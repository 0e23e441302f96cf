package dev.eddy.engine.segment;

import dev.eddy.engine.graph.GraphView;
import dev.eddy.engine.graph.NeighborBlocks;
import dev.eddy.engine.graph.NeighborFiller;
import dev.eddy.engine.graph.Rows;
import dev.eddy.engine.graph.SearchScratch;
import dev.eddy.engine.quantization.PairQuantizer;
import dev.eddy.engine.quantization.PairTraining;
import dev.eddy.engine.quantization.RowCodes;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The speed form of a sealed segment's graph: taken over from the segment that was sealed, or made
 * in the background from rows and links when the budget has room.
 *
 * <p>Threading: the writer's, except for {@link #graph}, {@link #release} and {@link #heapBytes}.
 */
final class SealedFused {
  private static final Logger log = LoggerFactory.getLogger(SealedFused.class);
  private static final int SLICE_ROWS = 1_024;
  private static final int SLICE_FILLED_NODES = 64;
  private static final int ROWS_PER_PAUSE = 64;

  private final VectorFieldSettings settings;
  private final FusedPolicy policy;
  private final BuildPool pool;
  private final MemoryBudget memory;
  private final Segment segment;
  private final GraphView links;

  private @Nullable SlicedWork<FusedGraph> making;
  private @Nullable SlicedWork<Boolean> filling;
  private boolean isStopped;
  private boolean isFilled;
  private long notBeforeNanos;
  private volatile long takenBytes;
  private volatile @Nullable FusedGraph graph;

  SealedFused(
      VectorFieldSettings settings, SegmentResources resources, Segment segment, GraphView links) {
    this.settings = settings;
    this.policy = resources.fused();
    this.pool = resources.buildPool();
    this.memory = resources.memory();
    this.segment = segment;
    this.links = links;
    this.isStopped = !policy.isFor(settings);
  }

  /** What searches walk; null = the plain graph. */
  @Nullable FusedGraph graph() {
    return graph;
  }

  /** Whether there is nothing, until it is tried again if ever. */
  boolean isGivenUp() {
    return graph == null && making == null && (isStopped || !mayTry());
  }

  /** Takes over what the same rows and links had while they grew, and its part of the budget. */
  void adopt(HeapSegment segment, FusedCodes grown) {
    FusedGraph present = grown.graph();
    if (present != null) {
      isFilled = segment.isFilled(present.blocks());
      takenBytes = grown.handOver();
      graph = present;
    }
  }

  /** Takes over finished work and starts what is due. */
  void maintain() {
    if (making != null && making.isDone()) {
      takeOver(making);
      making = null;
    }
    if (filling != null && filling.isDone()) {
      noteFilled(filling);
      filling = null;
    }
    if (isStopped || segment.rowCount() < policy.minRows()) {
      return;
    }
    FusedGraph present = graph;
    if (present != null && memory.isShort()) {
      giveUp();
    } else if (present == null && making == null && mayTry()) {
      making = SlicedWork.start(pool, segment, new Making());
    } else if (present != null && !isFilled) {
      isFilled = true;
      filling = SlicedWork.start(pool, segment, new Filling(present.blocks()));
    }
  }

  /** Searches that walk it go on with it; it comes back when there is room. */
  private void giveUp() {
    if (filling != null) {
      filling.cancel();
      filling = null;
    }
    graph = null;
    isFilled = false;
    release();
    notBeforeNanos = pool.nanoClock().getAsLong() + FusedPolicy.RETRY_NANOS;
  }

  private void noteFilled(SlicedWork<Boolean> done) {
    try {
      var _ = done.join();
    } catch (CompletionException failure) {
      log.warn(
          "event=slots-not-filled field={} rows={}",
          settings.fileStem(),
          segment.rowCount(),
          failure.getCause());
    }
  }

  private boolean mayTry() {
    return notBeforeNanos == 0 || pool.nanoClock().getAsLong() - notBeforeNanos >= 0;
  }

  private void takeOver(SlicedWork<FusedGraph> done) {
    try {
      graph = done.join();
    } catch (CompletionException failure) {
      policy.budget().giveBack(takenBytes);
      takenBytes = 0;
      notBeforeNanos = pool.nanoClock().getAsLong() + FusedPolicy.RETRY_NANOS;
      if (!(failure.getCause() instanceof NoRoomException)) {
        isStopped = true;
        log.warn(
            "event=fused-codes-given-up field={} rows={}",
            settings.fileStem(),
            segment.rowCount(),
            failure.getCause());
      }
    }
  }

  /** Whether the form is being made, which {@link #maintain} will take over. */
  boolean isBusy() {
    return making != null;
  }

  /** Whether empty slots are being filled, which nobody waits for. */
  boolean isFilling() {
    return filling != null;
  }

  /** Ends background work, at most a slice later; what is there stays. */
  void stop() {
    isStopped = true;
    if (making != null) {
      making.cancel();
      making = null;
    }
    if (filling != null) {
      filling.cancel();
      filling = null;
    }
  }

  /** Gives back what was taken of the budget. Nobody searches the segment any more. */
  void release() {
    policy.budget().giveBack(takenBytes);
    takenBytes = 0;
  }

  /** Bytes that blocks and codes hold: those taken of the budget. */
  long heapBytes() {
    return takenBytes;
  }

  /** The budget has no room now. */
  private static final class NoRoomException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoRoomException() {
      super("no room", null, false, false);
    }
  }

  /** Trains, encodes and writes the blocks. */
  private final class Making implements SlicedWork.Slices<FusedGraph> {
    private final Rows rows = segment.rows();
    private final float[] vector = new float[settings.dimension()];
    private int slots;
    private @Nullable PairQuantizer quantizer;
    private @Nullable NeighborBlocks blocks;
    private int mirrored;

    @Override
    public @Nullable FusedGraph next() {
      NeighborBlocks made = blocks;
      if (made == null) {
        begin();
        return null;
      }
      RowCodes codes = made.codes();
      int count = segment.rowCount();
      if (codes.count() < count) {
        int end = Math.min(count, codes.count() + SLICE_ROWS);
        rows.expect(codes.count(), end);
        while (codes.count() < end) {
          pauseAt(codes.count());
          rows.copy(codes.count(), vector);
          codes.append(vector);
        }
        return null;
      }
      int end = Math.min(count, mirrored + SLICE_ROWS);
      pauseAt(0);
      made.mirror(links, mirrored, end);
      mirrored = end;
      return end == count ? new FusedGraph(codes, made) : null;
    }

    private void pauseAt(int row) {
      if (row % ROWS_PER_PAUSE == 0) {
        pool.giveWay();
      }
    }

    /** Room comes first: where there is none, training was in vain. Each step is a slice. */
    private void begin() {
      int count = segment.rowCount();
      PairQuantizer trained = quantizer;
      if (takenBytes == 0) {
        slots = policy.slotsWithin(settings, count);
        long bytes = FusedPolicy.bytesOf(settings, slots, count);
        if (!policy.budget().tryTake(bytes)) {
          throw new NoRoomException();
        }
        takenBytes = bytes;
      } else if (trained == null) {
        quantizer = train();
      } else {
        NeighborBlocks empty = new NeighborBlocks(new RowCodes(trained), slots);
        empty.reserve(count);
        blocks = empty;
      }
    }

    private PairQuantizer train() {
      RowSample sample = RowSample.of(rows, segment.rowCount(), PairTraining.SAMPLE_MAX);
      int dimension = settings.dimension();
      return PairTraining.train(settings.metric(), dimension, sample.copies(dimension));
    }
  }

  /** Gives empty slots to neighbours of neighbours. */
  private final class Filling implements SlicedWork.Slices<Boolean> {
    private final NeighborFiller filler;
    private int next;

    Filling(NeighborBlocks blocks) {
      this.filler = new NeighborFiller(segment.rows(), links, blocks, settings.metric());
    }

    @Override
    public @Nullable Boolean next() {
      int end = Math.min(segment.rowCount(), next + SLICE_FILLED_NODES);
      SearchScratch scratch = pool.scratchPool().acquire();
      try {
        for (; next < end; next++) {
          pool.giveWay();
          filler.fill(next, scratch);
        }
      } finally {
        pool.scratchPool().release(scratch);
      }
      return next == segment.rowCount() ? Boolean.TRUE : null;
    }
  }
}
