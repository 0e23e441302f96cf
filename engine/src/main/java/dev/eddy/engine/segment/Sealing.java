package dev.eddy.engine.segment;

import dev.eddy.engine.graph.GraphConnector;
import dev.eddy.engine.graph.HeapLinks;
import dev.eddy.engine.graph.LinkFiller;
import dev.eddy.engine.graph.SearchScratch;
import dev.eddy.engine.segment.RowLayout.SlotGroups;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a heap segment that no longer grows to a sealed file, its rows in the order that the
 * field's layout asks for. Its graph, where it is complete, goes with it and is finished first.
 *
 * <p>Threading: made by the writer, which settles what is written, as settings may change while it
 * is done; {@linkplain #write run} once by any one thread.
 */
final class Sealing {
  private static final Logger log = LoggerFactory.getLogger(Sealing.class);

  /** Nodes between two looks at the memory. */
  private static final int FILLED_AT_ONCE = 256;

  private final SegmentMaker maker;
  private final HeapSegment source;
  private final BooleanSupplier isCancelled;
  private final String name;
  private final @Nullable SlotGroups groups;

  /** The graph that goes to the file; null = none. */
  private final @Nullable HeapLinks links;

  private final boolean isFilled;
  private volatile boolean isMoved;

  /**
   * @param isFilled whether empty places of the graph are filled for searches
   * @param isCancelled whether the file is not wanted any more
   */
  Sealing(SegmentMaker maker, HeapSegment source, boolean isFilled, BooleanSupplier isCancelled) {
    this.maker = maker;
    this.source = source;
    this.isFilled = isFilled;
    this.isCancelled = isCancelled;
    this.name = maker.names().next("segment");
    this.groups = maker.layout().groups();
    boolean hasGraph = source.graph() != null && source.isFullyLinked();
    this.links = hasGraph ? source.heapLinks() : null;
  }

  /**
   * Writes and opens the file.
   *
   * @throws CancellationException when it was not wanted any more
   */
  SealedSegment write() throws IOException {
    try (groups) {
      source.endMending(); // What is written must not change.
      if (links != null) {
        connect(links);
        if (isFilled) {
          fillPlaces(links);
        }
      }
      if (isCancelled.getAsBoolean()) {
        throw new CancellationException();
      }
      RowOrder order = RowOrder.of(source.slots(), source.rowCount(), maker.layout().id(), groups);
      isMoved = order.isMoved();
      return write(order);
    }
  }

  private SealedSegment write(RowOrder order) throws IOException {
    Path file = maker.resources().liveFolder().resolve(name);
    try {
      FilePart part =
          new SealedFileWriter(
                  source.settings(), source.rows(), source.slots(), source.rowCount(), links, order)
              .write(file);
      return SealedFile.open(maker.resources(), maker.names(), part, maker.settings(), -1);
    } catch (IOException | RuntimeException failure) {
      FileNames.discard(file, failure);
      throw failure;
    }
  }

  /** What links were pruned for must not be lost for good. */
  private void connect(HeapLinks links) {
    SearchScratch scratch = maker.resources().scratchPool().acquire();
    try {
      var _ =
          new GraphConnector(source.heapRows(), links, source.settings().graph())
              .connect(scratch, isCancelled);
    } finally {
      maker.resources().scratchPool().release(scratch);
    }
  }

  private void fillPlaces(HeapLinks links) {
    SegmentResources resources = maker.resources();
    LinkFiller filler = new LinkFiller(source.heapRows(), links, source.settings().metric());
    SearchScratch scratch = resources.scratchPool().acquire();
    resources.buildPool().builderStarted();
    try {
      for (int node = 0; node < source.rowCount() && !isCancelled.getAsBoolean(); node++) {
        if (node % FILLED_AT_ONCE == 0 && resources.memory().isShort()) {
          break;
        }
        resources.buildPool().giveWay();
        filler.fill(node, scratch);
      }
      resources.scratchPool().release(scratch);
    } catch (RuntimeException failure) {
      log.warn("event=places-not-filled rows={}", source.rowCount(), failure);
    } finally {
      resources.buildPool().builderFinished();
    }
  }

  /** Whether rows lie in another order than before; known once the file is written. */
  boolean isMoved() {
    return isMoved;
  }
}
