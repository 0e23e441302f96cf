package dev.eddy.bench.command;

import dev.eddy.bench.data.VectorSet;
import dev.eddy.bench.wire.Door;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Batches of a set, encoded ahead of time and sent as fast as a door takes them. */
final class BulkLoad {
  static final int BATCH = 256;

  private final Door door;
  private final List<Door.Batch> batches = new ArrayList<>();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private volatile boolean isStopped;

  /** Encodes rows {@code [from, to)}. */
  BulkLoad(Door door, VectorSet set, int from, int to, int batchRows) {
    this.door = door;
    for (int row = from; row < to; row += batchRows) {
      batches.add(door.prepare(set.base(), row, Math.min(to, row + batchRows)));
    }
  }

  /** Sends all; returns when all are acknowledged, throws what the first failed batch threw. */
  void run() throws Exception {
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> done = new ArrayList<>();
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < door.senders(); i++) {
        done.add(
            senders.submit(() -> {
              for (int at = next.getAndIncrement();
                  at < batches.size() && !isStopped;
                  at = next.getAndIncrement()) {
                batches.get(at).send();
                acknowledged.incrementAndGet();
              }
              return null;
            }));
      }
    }
    for (Future<?> each : done) {
      var unused = each.get();
    }
    door.finish();
  }

  /** Sends no further batch. */
  void stop() {
    isStopped = true;
  }

  /** Batches acknowledged so far; to the inbox, handed over. */
  int acknowledgedBatches() {
    return acknowledged.get();
  }
}
