package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.kernel.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VectorFieldStressTest {
  @TempDir Path folder;

  @Test
  void readersSeeCompleteSnapshotsWhileRowsAreAppendedLinkedSealedAndMerged() throws Exception {
    VectorFieldSettings settings = VectorWorld.sealing(Metric.EUCLID, 6, 2_000);
    try (VectorWorld world = new VectorWorld(11, settings, folder);
        ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      world.append(100);
      Published published = new Published(world.field.snapshot());
      AtomicBoolean isDone = new AtomicBoolean();
      List<Future<Integer>> reading = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        int seed = i;
        reading.add(readers.submit(() -> read(world, published, isDone, new Random(seed))));
      }
      write(world, published);
      isDone.set(true);
      int searches = 0;
      for (Future<Integer> reader : reading) {
        searches += reader.get();
      }
      published.close();
      assertThat(searches).isPositive();
      world.settle();
      assertThat(world.recall(50, SlotSearch.nearest(10, 64), world.live::get)).isGreaterThan(0.95);
    }
  }

  private void write(VectorWorld world, Published published) throws IOException {
    for (int i = 0; i < 150; i++) {
      world.append(100);
      world.field.maintain(world.live::get);
      published.replace(world.field.snapshot());
      if (i % 25 == 24) {
        world.field.writeTo(Files.createDirectories(folder.resolve("checkpoint-stress-" + i)));
      }
    }
  }

  private static int read(
      VectorWorld world, Published published, AtomicBoolean isDone, Random random)
      throws InterruptedException, ExecutionException {
    int searches = 0;
    float[] copy = new float[world.settings.dimension()];
    TopSlots top = new TopSlots(1);
    while (!isDone.get() || searches == 0) {
      VectorFieldSnapshot snapshot = published.lease();
      world.pool.searchStarted();
      int[] slots = snapshot.slots();
      // The newest and a random row: searched by their own vector they are the nearest.
      for (int slot : new int[] {slots[slots.length - 1], slots[random.nextInt(slots.length)]}) {
        assertThat(snapshot.copyVector(slot, copy)).isTrue();
        top.reset(1);
        assertThat(
                snapshot.search(
                    copy, SlotSearch.nearest(1, 200), s -> s <= slots[slots.length - 1], top))
            .isTrue();
        top.sort();
        assertThat(top.size()).isEqualTo(1);
        assertThat(top.slot(0)).isLessThanOrEqualTo(slots[slots.length - 1]);
        searches++;
      }
      top.reset(1);
      int newest = slots[slots.length - 1];
      snapshot.search(copy, SlotSearch.exact(1), s -> s == newest, top);
      assertThat(top.size()).isEqualTo(1);
      world.pool.searchFinished();
      snapshot.release();
    }
    return searches;
  }

  /** The snapshot that readers may lease; fair, since they hardly leave the writer a gap. */
  private static final class Published {
    private final ReentrantLock lock = new ReentrantLock(true);
    private VectorFieldSnapshot snapshot; // guarded by the lock

    Published(VectorFieldSnapshot snapshot) {
      this.snapshot = snapshot;
    }

    VectorFieldSnapshot lease() {
      lock.lock();
      try {
        snapshot.retain();
        return snapshot;
      } finally {
        lock.unlock();
      }
    }

    void replace(VectorFieldSnapshot next) {
      lock.lock();
      try {
        snapshot.release();
        snapshot = next;
      } finally {
        lock.unlock();
      }
    }

    void close() {
      snapshot.release();
    }
  }
}
