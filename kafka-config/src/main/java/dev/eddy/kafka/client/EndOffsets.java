package dev.eddy.kafka.client;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * Asks leaders for log ends, many questions in one request. Safe from any thread.
 *
 * <p>An answer always belongs to a request that left after the question came, so everything
 * acknowledged before the question is below it. It is the high watermark: records of open
 * transactions are below it, too, so who waits for it waits them out.
 */
public final class EndOffsets implements AutoCloseable {
  private static final int TIMEOUT_MS = 5_000;
  private static final long GATE_MS = 20;

  private final Admin admin;
  private final Executor gateTimer =
      CompletableFuture.delayedExecutor(GATE_MS, TimeUnit.MILLISECONDS);
  private final Object lock = new Object();
  private Map<TopicPartition, CompletableFuture<Long>> waiting = new HashMap<>(); // guarded by lock
  private boolean isGateClosed; // guarded by lock

  public EndOffsets(ClientPresets presets, String role) {
    this.admin = presets.admin(role);
  }

  /**
   * The offset that the next record of the partition will get; fails after 5 s, also if the topic
   * does not exist.
   */
  public CompletableFuture<Long> latest(String topic, int partition) {
    CompletableFuture<Long> answer;
    synchronized (lock) {
      answer =
          waiting.computeIfAbsent(
              new TopicPartition(topic, partition), key -> new CompletableFuture<>());
    }
    departIfOpen();
    return answer.copy();
  }

  private void departIfOpen() {
    Map<TopicPartition, CompletableFuture<Long>> batch;
    synchronized (lock) {
      if (isGateClosed || waiting.isEmpty()) {
        return;
      }
      isGateClosed = true;
      batch = waiting;
      waiting = new HashMap<>();
    }
    depart(batch);
  }

  private void depart(Map<TopicPartition, CompletableFuture<Long>> batch) {
    AtomicBoolean isOpened = new AtomicBoolean();
    Runnable open =
        () -> {
          if (isOpened.compareAndSet(false, true)) {
            synchronized (lock) {
              isGateClosed = false;
            }
            departIfOpen();
          }
        };
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    batch.keySet().forEach(partition -> asked.put(partition, OffsetSpec.latest()));
    try {
      ListOffsetsResult result =
          admin.listOffsets(
              asked, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED).timeoutMs(TIMEOUT_MS));
      batch.forEach((partition, answer) ->
          result
              .partitionResult(partition)
              .whenComplete((found, failure) -> {
                open.run();
                if (failure == null) {
                  answer.complete(found.offset());
                } else {
                  answer.completeExceptionally(failure);
                }
              }));
      // One partition that does not answer must not hold up the questions about others.
      gateTimer.execute(open);
    } catch (RuntimeException e) {
      open.run();
      batch.values().forEach(answer -> answer.completeExceptionally(e));
    }
  }

  @Override
  public void close() {
    admin.close(java.time.Duration.ofSeconds(1));
    Map<TopicPartition, CompletableFuture<Long>> rest;
    synchronized (lock) {
      rest = waiting;
      waiting = new HashMap<>();
    }
    rest.values()
        .forEach(answer -> answer.completeExceptionally(new IllegalStateException("closed")));
  }
}
