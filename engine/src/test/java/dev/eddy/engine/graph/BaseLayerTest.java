package dev.eddy.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.quantization.PairTraining;
import dev.eddy.engine.quantization.RowCodes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Links of layer 0 are the same in slabs of their own and in blocks, and on the way between. */
final class BaseLayerTest {
  private static final int NODES = 5_000;
  private static final int DIMENSION = 16;
  private static final int M0 = 40; // Two blocks a node.

  private final Random random = new Random(11);
  private final BaseLayer base = new BaseLayer(M0);
  private final NeighborBlocks blocks = new NeighborBlocks(codes(), M0);
  private final int[][] model = new int[NODES][0];

  private RowCodes codes() {
    float[][] rows = new float[NODES][DIMENSION];
    for (float[] row : rows) {
      for (int i = 0; i < DIMENSION; i++) {
        row[i] = random.nextFloat();
      }
    }
    RowCodes codes = new RowCodes(PairTraining.train(Metric.EUCLID, DIMENSION, rows));
    for (float[] row : rows) {
      codes.append(row);
    }
    return codes;
  }

  private static void change(BaseLayer base, int[][] model, int node, Random random) {
    synchronized (HeapLinks.lockOf(node)) {
      if (random.nextInt(4) == 0) {
        int[] ids = random.ints(random.nextInt(M0 + 1), 0, NODES).toArray();
        base.set(node, ids, ids.length);
        model[node] = ids;
        return;
      }
      int id = random.nextInt(NODES);
      boolean hasRoom = model[node].length < M0;
      assertThat(base.add(node, id)).isEqualTo(hasRoom);
      if (hasRoom) {
        model[node] = Arrays.copyOf(model[node], model[node].length + 1);
        model[node][model[node].length - 1] = id;
      }
    }
  }

  private void isAsTheModel(String when) {
    int[] ids = new int[M0];
    for (int node = 0; node < NODES; node++) {
      int count = base.links(node, ids);
      assertThat(Arrays.copyOf(ids, count)).as("%s: node %d", when, node).isEqualTo(model[node]);
    }
  }

  private void changeAll() {
    for (int i = 0; i < 10 * NODES; i++) {
      change(base, model, random.nextInt(NODES), random);
    }
  }

  private void attach() {
    blocks.reserve(NODES);
    base.attach(blocks);
    base.mirror(blocks, NODES);
  }

  @Test
  void linksStayOnTheWayIntoBlocksAndBack() {
    base.reserve(NODES);
    changeAll();
    long alone = base.heapBytes();
    attach();
    changeAll();
    base.moveIntoBlocks();
    isAsTheModel("moved");
    assertThat(base.heapBytes()).isZero();
    changeAll();
    isAsTheModel("changed in blocks");
    base.detach();
    isAsTheModel("back");
    assertThat(base.heapBytes()).isEqualTo(alone);
    changeAll();
    isAsTheModel("changed after it");
  }

  @Test
  void blocksThatAreNotCompleteHoldNothing() {
    base.reserve(NODES);
    blocks.reserve(NODES);
    base.attach(blocks);
    assertThatThrownBy(base::moveIntoBlocks)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not complete");
  }

  /** Who gives them up leaves the thread that writes them behind. */
  @Test
  void blocksThatOthersCameInPlaceOfAreNotWritten() {
    base.reserve(NODES);
    changeAll();
    NeighborBlocks old = new NeighborBlocks(blocks.codes(), M0);
    old.reserve(NODES);
    base.attach(old);
    base.detach();
    attach();
    base.moveIntoBlocks();
    base.mirror(old, NODES);
    assertThat(old.isComplete()).isFalse();
    isAsTheModel("in others");
  }

  @Test
  void nodesThatComeHaveRoomInBlocksAndBehindThem() {
    int few = 1_000;
    base.reserve(few);
    blocks.reserve(few);
    base.attach(blocks);
    base.mirror(blocks, few);
    base.moveIntoBlocks();
    base.reserve(NODES);
    blocks.reserve(NODES);
    changeAll();
    isAsTheModel("in blocks");

    int beyond = blocks.capacity() + 10; // No room for it any more.
    base.reserve(beyond + 1);
    base.detach();
    int[] ids = new int[M0];
    assertThat(base.links(beyond, ids)).isZero();
    assertThat(base.add(beyond, 7)).isTrue();
    assertThat(base.links(beyond, ids)).isEqualTo(1);
    assertThat(ids[0]).isEqualTo(7);
    isAsTheModel("back");
  }

  @Test
  void whatFillsSlotsIsNoLinkAndGoesWhenLinksCome() {
    base.reserve(NODES);
    attach();
    base.moveIntoBlocks();
    int[] ids = new int[M0];
    int[] filled = {3, 4, 5, 6, 7};
    synchronized (HeapLinks.lockOf(9)) {
      base.set(9, new int[] {1, 2}, 2);
      System.arraycopy(filled, 0, ids, 2, 3);
      blocks.fill(9, ids, 2, 5);
    }
    assertThat(base.links(9, ids)).isEqualTo(2);
    base.places(9, ids);
    assertThat(FilledPlaces.decode(ids, M0)).isEqualTo(5);
    assertThat(ids).startsWith(1, 2, 3, 4, 5);

    assertThat(base.add(9, 8)).isTrue();
    base.places(9, ids);
    assertThat(FilledPlaces.decode(ids, M0)).isEqualTo(5);
    assertThat(ids).startsWith(1, 2, 8, 4, 5);
    assertThat(base.add(9, 5)).isTrue();
    base.places(9, ids);
    assertThat(FilledPlaces.decode(ids, M0)).as("each once").isEqualTo(5);
    assertThat(ids).startsWith(1, 2, 8, 5, 4);
    base.detach();
    base.places(9, ids);
    assertThat(FilledPlaces.decode(ids, M0)).as("links alone come back").isEqualTo(4);
    assertThat(ids).startsWith(1, 2, 8, 5);
    synchronized (HeapLinks.lockOf(9)) {
      assertThat(base.fill(9, new int[] {1, 2, 8, 5, 30, 31, 32}, 4, 7)).isTrue();
      assertThat(base.add(9, 32)).isTrue();
    }
    base.places(9, ids);
    assertThat(FilledPlaces.decode(ids, M0)).isEqualTo(7);
    assertThat(ids).startsWith(1, 2, 8, 5, 32, 31, 30);
  }

  @Test
  void linksThatChangeMeanwhileAreNotLost() throws Exception {
    base.reserve(NODES);
    AtomicBoolean isOver = new AtomicBoolean();
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      List<Future<?>> running = new ArrayList<>();
      for (int seed = 1; seed <= 2; seed++) {
        Random own = new Random(seed);
        running.add(
            threads.submit(() -> {
              while (!isOver.get()) {
                change(base, model, own.nextInt(NODES), own);
              }
            }));
      }
      running.add(
          threads.submit(() -> {
            int[] ids = new int[M0];
            while (!isOver.get()) {
              for (int node = 0; node < NODES; node++) {
                int count = base.links(node, ids);
                assertThat(Arrays.stream(ids, 0, count).allMatch(id -> id >= 0 && id < NODES))
                    .isTrue();
              }
            }
          }));
      try {
        for (int round = 0; round < 30; round++) {
          NeighborBlocks fresh = new NeighborBlocks(blocks.codes(), M0);
          fresh.reserve(NODES);
          base.attach(fresh);
          base.mirror(fresh, NODES);
          base.moveIntoBlocks();
          base.detach();
        }
      } finally {
        isOver.set(true);
      }
      for (Future<?> thread : running) {
        thread.get(60, TimeUnit.SECONDS);
      }
    }
    isAsTheModel("at the end");
  }
}
