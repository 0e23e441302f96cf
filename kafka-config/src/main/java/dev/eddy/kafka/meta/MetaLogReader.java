package dev.eddy.kafka.meta;

import dev.eddy.kafka.client.ClientPresets;
import dev.eddy.kafka.client.EndOffsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the metadata topic from its first record on, for ever, and knows how fresh that is.
 *
 * <p>A read to the end asks for the end first and is done when the <em>position</em> has reached
 * it: the last record's offset would never get there, since a transaction's end takes an offset,
 * too. The end asked for counts open transactions, which are waited out: stopping before them would
 * miss what their writer already takes for written.
 *
 * <p>Threading: methods are safe from any thread; the consumer is called on one internal thread,
 * and a future of {@link #readToEnd} is completed on that thread after the consumer saw everything
 * below the end.
 */
public final class MetaLogReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MetaLogReader.class);
  private static final Duration FETCH_MAX_WAIT = Duration.ofMillis(500);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration ERROR_PAUSE = Duration.ofMillis(100);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final String topic;
  private final TopicPartition partition;
  private final MetaConsumer consumer;
  private final LongSupplier nanoClock;
  private final KafkaConsumer<byte[], byte[]> kafka;
  private final EndOffsets endOffsets;
  private final Thread thread;
  private final Object lock = new Object();
  private final PriorityQueue<Waiter> waiters = new PriorityQueue<>(); // guarded by lock
  private long position; // guarded by lock
  private @Nullable String lostReason; // guarded by lock
  private long freshAsOfNanos; // guarded by lock
  private boolean isEverFresh; // guarded by lock
  private @Nullable ReadToEnd running; // guarded by lock
  private volatile boolean isClosed;

  private MetaLogReader(
      ClientPresets presets, String topic, MetaConsumer consumer, LongSupplier nanoClock) {
    this.topic = topic;
    this.partition = new TopicPartition(topic, 0);
    this.consumer = consumer;
    this.nanoClock = nanoClock;
    this.kafka = presets.tailingConsumer("meta-reader", FETCH_MAX_WAIT);
    this.endOffsets = new EndOffsets(presets, "meta-reader-ends");
    this.thread = Thread.ofPlatform().daemon().name("meta-log-reader").unstarted(this::run);
  }

  /**
   * Starts reading at offset 0.
   *
   * @param nanoClock monotonic nanoseconds, for instance {@code System::nanoTime}
   */
  public static MetaLogReader start(
      ClientPresets presets, String topic, MetaConsumer consumer, LongSupplier nanoClock) {
    MetaLogReader reader = new MetaLogReader(presets, topic, consumer, nanoClock);
    reader.thread.start();
    return reader;
  }

  /** Everything below this offset was handed to the consumer. */
  public long position() {
    synchronized (lock) {
      return position;
    }
  }

  /**
   * Reads to the end as it is when this is called.
   *
   * @return completes with the position reached, at least the end; fails if the leader does not
   *     tell the end within 5 s or the topic is lost
   */
  public CompletableFuture<Long> readToEnd() {
    long askedNanos = nanoClock.getAsLong();
    return endOffsets
        .latest(topic, 0)
        .thenCompose(this::await)
        .whenComplete((reached, failure) -> {
          if (failure == null) {
            noteFresh(askedNanos);
          }
        });
  }

  /**
   * Completes when the position has reached the offset; fails if the topic is lost or the reader
   * closed.
   */
  public CompletableFuture<Long> await(long offset) {
    CompletableFuture<Long> done = new CompletableFuture<>();
    String failure;
    long reached;
    synchronized (lock) {
      failure = isClosed ? "metadata reader is closed" : lostReason;
      reached = position;
      if (failure == null && reached < offset) {
        waiters.add(new Waiter(offset, done));
        return done;
      }
    }
    if (failure != null) {
      done.completeExceptionally(new IllegalStateException(failure));
    } else {
      done.complete(reached);
    }
    return done;
  }

  /**
   * Makes sure that a read to the end was begun at most {@code maxAge} ago, and has ended; many
   * callers share one read.
   *
   * @return completes at once if that is so already
   */
  public CompletableFuture<Long> ensureFresh(Duration maxAge) {
    long oldestNanos = nanoClock.getAsLong() - maxAge.toNanos();
    CompletableFuture<Long> begun;
    synchronized (lock) {
      if (isEverFresh && freshAsOfNanos - oldestNanos >= 0 && lostReason == null) {
        return CompletableFuture.completedFuture(position);
      }
      if (running != null && !running.done.isDone() && running.askedNanos - oldestNanos >= 0) {
        return running.done.copy();
      }
      begun = new CompletableFuture<>();
      running = new ReadToEnd(nanoClock.getAsLong(), begun);
    }
    readToEnd()
        .whenComplete((reached, failure) -> {
          if (failure == null) {
            begun.complete(reached);
          } else {
            begun.completeExceptionally(failure);
          }
        });
    return begun.copy();
  }

  /** How long ago the newest finished read to the end was begun; empty if there was none. */
  public java.util.Optional<Duration> age() {
    synchronized (lock) {
      return isEverFresh
          ? java.util.Optional.of(Duration.ofNanos(nanoClock.getAsLong() - freshAsOfNanos))
          : java.util.Optional.empty();
    }
  }

  private void noteFresh(long askedNanos) {
    synchronized (lock) {
      if (!isEverFresh || askedNanos - freshAsOfNanos > 0) {
        isEverFresh = true;
        freshAsOfNanos = askedNanos;
      }
    }
  }

  private void run() {
    kafka.assign(List.of(partition));
    kafka.seek(partition, 0);
    while (!isClosed) {
      try {
        poll();
      } catch (WakeupException e) {
        continue; // Closing.
      } catch (OffsetOutOfRangeException e) { // A truncation is one, too.
        lose(
            "metadata topic %s does not have the records that were read from it: %s"
                .formatted(topic, e.getMessage()));
        break;
      } catch (KafkaException e) {
        LOG.error("event=meta_poll_failed topic={}", topic, e);
        LockSupport.parkNanos(ERROR_PAUSE.toNanos());
      }
    }
    kafka.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
  }

  private void poll() {
    ConsumerRecords<byte[], byte[]> records = kafka.poll(POLL);
    OffsetAndMetadata next = records.nextOffsets().get(partition);
    if (next == null) {
      return;
    }
    for (ConsumerRecord<byte[], byte[]> record : records) {
      byte[] key = record.key() == null ? new byte[0] : record.key();
      consumer.accept(new MetaEntry(record.offset(), key, record.value(), record.timestamp()));
    }
    consumer.position(next.offset());
    List<Waiter> reached = new ArrayList<>();
    synchronized (lock) {
      position = next.offset();
      for (Waiter first = waiters.peek();
          first != null && first.offset <= position;
          first = waiters.peek()) {
        reached.add(waiters.remove());
      }
    }
    reached.forEach(waiter -> waiter.done.complete(next.offset()));
  }

  private void lose(String reason) {
    LOG.error("event=meta_lost topic={} reason={}", topic, reason);
    List<Waiter> rest;
    synchronized (lock) {
      lostReason = reason;
      rest = List.copyOf(waiters);
      waiters.clear();
    }
    rest.forEach(waiter -> waiter.done.completeExceptionally(new IllegalStateException(reason)));
    consumer.lost(reason);
  }

  @Override
  public void close() {
    List<Waiter> rest;
    synchronized (lock) {
      isClosed = true;
      rest = List.copyOf(waiters);
      waiters.clear();
    }
    kafka.wakeup();
    rest.forEach(waiter ->
        waiter.done.completeExceptionally(new IllegalStateException("metadata reader is closed")));
    try {
      thread.join(CLOSE_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    endOffsets.close();
  }

  private record Waiter(long offset, CompletableFuture<Long> done) implements Comparable<Waiter> {
    @Override
    public int compareTo(Waiter other) {
      return Long.compare(offset, other.offset);
    }
  }

  private record ReadToEnd(long askedNanos, CompletableFuture<Long> done) {}
}
