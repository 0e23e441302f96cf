package dev.eddy.kafka;

import dev.eddy.kafka.broker.BrokerSettings;
import dev.eddy.kafka.broker.EmbeddedBroker;
import dev.eddy.kafka.client.ClientPresets;
import dev.eddy.kafka.log.KafkaPointLogTailer;
import dev.eddy.kafka.log.KafkaPointLogWriter;
import dev.eddy.kafka.log.LogBatch;
import dev.eddy.kafka.log.LogPartition;
import dev.eddy.kafka.log.PartitionSink;
import dev.eddy.kafka.log.PointLogTailer;
import dev.eddy.kafka.log.PointLogWriter;
import dev.eddy.kafka.log.TailerSettings;
import dev.eddy.kafka.log.WriterSettings;
import dev.eddy.kafka.meta.MetaLogWriter;
import dev.eddy.kafka.topic.TopicAdmin;
import dev.eddy.kafka.topic.TopicCatalogue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/** Prints what the steps of the log cost on this machine; run by hand, never asserted. */
public final class PointLogTimings {
  private static final int WARM_UP = 2_000;
  private static final int ROUNDS = 5_000;

  private PointLogTimings() {}

  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("timings-");
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.onLoopback(folder, 0))) {
      ClientPresets presets = new ClientPresets(broker.localBootstrapServers(), "eddy");
      TopicCatalogue catalogue = new TopicCatalogue("eddy");
      try (TopicAdmin topics = new TopicAdmin(presets, catalogue);
          PointLogWriter writer = new KafkaPointLogWriter(presets, WriterSettings.DEFAULT);
          PointLogTailer tailer = new KafkaPointLogTailer(presets, TailerSettings.of("timings"))) {
        topics.createFixedTopics(4);
        LogPartition log = newLog(topics, catalogue, 1);
        oneInFlight(writer, tailer, log);
        paced(writer, tailer, newLog(topics, catalogue, 2));
        bulk(writer, tailer, newLog(topics, catalogue, 3));
        endOffsets(tailer, log);
        metaWrites(presets, catalogue);
        topicsComeAndGo(topics, catalogue, writer, tailer);
      }
    }
  }

  private static LogPartition newLog(TopicAdmin topics, TopicCatalogue catalogue, int generation) {
    UUID id = topics.createLog("timings", generation, 1);
    return new LogPartition(id, catalogue.log("timings", generation), 0);
  }

  private static void oneInFlight(PointLogWriter writer, PointLogTailer tailer, LogPartition log)
      throws Exception {
    SeenSink sink = new SeenSink();
    tailer.assign(log, 0, -1, sink);
    long[] acknowledged = new long[ROUNDS];
    long[] visible = new long[ROUNDS];
    for (int i = -WARM_UP; i < ROUNDS; i++) {
      long start = System.nanoTime();
      long offset = writer.append(log, new byte[500]).get();
      long end = System.nanoTime();
      while (sink.position <= offset) {
        Thread.onSpinWait();
      }
      if (i >= 0) {
        acknowledged[i] = end - start;
        visible[i] = System.nanoTime() - start;
      }
    }
    print("append, acknowledged, one in flight", acknowledged);
    print("append, at the sink, one in flight", visible);
    tailer.unassign(log).get();
  }

  private static void paced(PointLogWriter writer, PointLogTailer tailer, LogPartition log)
      throws Exception {
    int count = 10_000;
    long[] sent = new long[count];
    long[] latency = new long[count];
    CompletableFuture<Void> all = new CompletableFuture<>();
    tailer.assign(
        log,
        0,
        -1,
        new SeenSink() {
          @Override
          public boolean offer(LogBatch batch) {
            long now = System.nanoTime();
            batch
                .records()
                .forEach(
                    record -> latency[(int) record.offset()] = now - sent[(int) record.offset()]);
            if (batch.nextPosition() == count) {
              all.complete(null);
            }
            return super.offer(batch);
          }
        });
    long next = System.nanoTime();
    List<CompletableFuture<Long>> appends = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      while (System.nanoTime() < next) {
        LockSupport.parkNanos(20_000);
      }
      sent[i] = System.nanoTime();
      appends.add(writer.append(log, new byte[500]));
      next += 500_000;
    }
    all.get();
    print("append to sink at 2,000 records/s", latency);
    tailer.unassign(log).get();
  }

  private static void bulk(PointLogWriter writer, PointLogTailer tailer, LogPartition log)
      throws Exception {
    SeenSink sink = new SeenSink();
    tailer.assign(log, 0, -1, sink);
    int count = 2_000;
    Semaphore inFlight = new Semaphore(64);
    byte[] value = new byte[256 << 10];
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      inFlight.acquire();
      var done = writer.append(log, value).whenComplete((offset, failure) -> inFlight.release());
      if (i == count - 1) {
        done.get();
      }
    }
    double writeSeconds = (System.nanoTime() - start) / 1e9;
    while (sink.position < count) {
      LockSupport.parkNanos(100_000);
    }
    double readSeconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        "bulk of %d x 256 KiB: acknowledged at %.0f MB/s, at the sink at %.0f MB/s%n",
        count, count * 0.262144 / writeSeconds, count * 0.262144 / readSeconds);
    tailer.unassign(log).get();
  }

  private static void endOffsets(PointLogTailer tailer, LogPartition log) throws Exception {
    long[] nanos = new long[1_000];
    for (int i = -200; i < nanos.length; i++) {
      long start = System.nanoTime();
      tailer.endOffset(log).get();
      if (i >= 0) {
        nanos[i] = System.nanoTime() - start;
      }
    }
    print("log end asked of the leader", nanos);
  }

  private static void metaWrites(ClientPresets presets, TopicCatalogue catalogue) {
    long[] nanos = new long[500];
    try (MetaLogWriter meta =
        MetaLogWriter.open(presets, catalogue.meta(), catalogue.controllerTransactionalId())) {
      for (int i = -100; i < nanos.length; i++) {
        long start = System.nanoTime();
        meta.write(new byte[] {1}, new byte[200]);
        if (i >= 0) {
          nanos[i] = System.nanoTime() - start;
        }
      }
    }
    print("metadata record in its transaction", nanos);
  }

  private static void topicsComeAndGo(
      TopicAdmin topics, TopicCatalogue catalogue, PointLogWriter writer, PointLogTailer tailer)
      throws InterruptedException, ExecutionException {
    int rounds = 300;
    long[] created = new long[rounds];
    long[] firstSeen = new long[rounds];
    long[] deleted = new long[rounds];
    for (int i = 0; i < rounds; i++) {
      long start = System.nanoTime();
      LogPartition log = newLog(topics, catalogue, 100 + i);
      created[i] = System.nanoTime() - start;
      SeenSink sink = new SeenSink();
      start = System.nanoTime();
      tailer.assign(log, 0, -1, sink);
      writer.append(log, new byte[100]).get();
      while (sink.position < 1) {
        LockSupport.parkNanos(20_000);
      }
      firstSeen[i] = System.nanoTime() - start;
      tailer.unassign(log).get();
      writer.logDropped(log.topicId());
      start = System.nanoTime();
      topics.delete(log.topicId());
      deleted[i] = System.nanoTime() - start;
    }
    print("log created and visible", created);
    print("assign, first append, at the sink", firstSeen);
    print("log deleted by id", deleted);
    System.out.printf("threads %d%n", Thread.activeCount());
  }

  private static void print(String what, long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    System.out.printf(
        "%-40s p50 %6.2f ms  p99 %6.2f ms  max %6.2f ms%n",
        what,
        sorted[sorted.length / 2] / 1e6,
        sorted[(int) (sorted.length * 0.99)] / 1e6,
        sorted[sorted.length - 1] / 1e6);
  }

  private static class SeenSink implements PartitionSink {
    volatile long position;

    @Override
    public boolean offer(LogBatch batch) {
      position = batch.nextPosition();
      return true;
    }

    @Override
    public void logTruncated(long divergentOffset) {
      throw new IllegalStateException("truncated at " + divergentOffset);
    }

    @Override
    public void outOfRange(long at) {
      throw new IllegalStateException("out of range at " + at);
    }

    @Override
    public void logGone(UUID expected) {
      throw new IllegalStateException("gone " + expected);
    }
  }
}
