package dev.eddy.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.kernel.ElementType;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.quantization.PairTraining;
import dev.eddy.engine.quantization.RowCodes;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Searches by blocks that were given up: the graph has its entry beyond them by now. */
final class OutgrownBlocksTest {
  private static final int DIMENSION = 32;
  private static final int SAMPLE = 300;

  private final HeapRows rows = HeapRows.of(Metric.EUCLID, DIMENSION, ElementType.FLOAT32);
  private final float[][] sample = new float[SAMPLE][DIMENSION];

  /** All nodes link to the entry, which links to none. */
  private static GraphView withEntry(int entry) {
    return new GraphView() {
      @Override
      public long entryPoint() {
        return EntryPoint.of(entry, 0);
      }

      @Override
      public int links(int layer, int node, int[] into) {
        into[0] = entry;
        return node == entry ? 0 : 1;
      }

      @Override
      public int maxLinks() {
        return 4;
      }
    };
  }

  private NeighborBlocks blocksOfOneSlab() {
    Random random = new Random(3);
    for (float[] row : sample) {
      for (int i = 0; i < DIMENSION; i++) {
        row[i] = random.nextFloat();
      }
    }
    NeighborBlocks blocks =
        new NeighborBlocks(new RowCodes(PairTraining.train(Metric.EUCLID, DIMENSION, sample)), 4);
    blocks.reserve(1);
    return blocks;
  }

  @Test
  void thePlainGraphIsSearchedWhereTheEntryHasNoBlocks() {
    NeighborBlocks blocks = blocksOfOneSlab();
    int entry = blocks.capacity() + 9;
    for (int i = 0; i <= entry; i++) {
      rows.append(sample[i % SAMPLE]);
    }
    SearchScratch scratch = new SearchScratch();
    float[] query = new SearchScratch().padded(sample[0], DIMENSION, rows.stride());
    assertThat(
            FusedSearcher.search(
                withEntry(entry),
                blocks,
                blocks.codes().quantizer(),
                rows,
                query,
                5,
                null,
                WalkLimits.NONE,
                scratch))
        .isTrue();
    assertThat(scratch.results()).isEqualTo(1);
    assertThat(
            FusedTwoHopSearcher.search(
                withEntry(entry),
                blocks,
                rows,
                query,
                5,
                node -> node == entry,
                new HopLimits(8, 10, Long.MAX_VALUE),
                scratch))
        .isTrue();
    assertThat(scratch.results()).isEqualTo(1);
  }
}
