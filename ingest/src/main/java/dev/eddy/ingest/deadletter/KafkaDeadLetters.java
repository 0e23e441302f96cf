package dev.eddy.ingest.deadletter;

import static java.util.Objects.requireNonNull;

import dev.eddy.kafka.client.ClientPresets;
import dev.eddy.kafka.topic.TopicCatalogue;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters in their topic: per source partition one transactional producer, which fences older
 * ones of the same partition, and the set of what was there when it started.
 *
 * <p>Thread-safe; writes of one source partition run one after the other, of different ones side by
 * side, all off the caller's thread.
 */
public final class KafkaDeadLetters implements DeadLetterSink {
  private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);

  private final ClientPresets presets;
  private final TopicCatalogue topics;
  private final UUID inboxTopicId;
  private final DeadLetterHistory history;
  private final ConcurrentHashMap<Integer, PartitionWriter> writers = new ConcurrentHashMap<>();
  private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();

  public KafkaDeadLetters(ClientPresets presets, TopicCatalogue topics, UUID inboxTopicId) {
    this.presets = requireNonNull(presets, "presets");
    this.topics = requireNonNull(topics, "topics");
    this.inboxTopicId = requireNonNull(inboxTopicId, "inboxTopicId");
    this.history = new DeadLetterHistory(presets, topics.deadLetters());
  }

  @Override
  public CompletableFuture<Void> write(int partition, long delivered, List<DeadLetter> letters) {
    return writer(partition).enqueue(delivered, letters);
  }

  @Override
  public void reposition(int partition) {
    PartitionWriter writer = writers.remove(partition);
    if (writer != null) {
      writer.retire();
    }
  }

  @Override
  public void close() {
    writers.values().forEach(PartitionWriter::retire);
    writers.clear();
  }

  private PartitionWriter writer(int partition) {
    return writers.computeIfAbsent(partition, PartitionWriter::new);
  }

  private final class PartitionWriter {
    private final int partition;
    private final Set<Long> written = new HashSet<>();
    private @Nullable Producer<byte[], byte[]> producer;
    private CompletableFuture<Void> tail = CompletableFuture.completedFuture(null);
    private volatile boolean retired;

    private PartitionWriter(int partition) {
      this.partition = partition;
    }

    private synchronized CompletableFuture<Void> enqueue(long delivered, List<DeadLetter> letters) {
      tail = tail.thenRunAsync(() -> write(delivered, letters), threads);
      return tail;
    }

    private void write(long delivered, List<DeadLetter> letters) {
      if (retired) {
        throw new IllegalStateException(
            "source partition %d was positioned again".formatted(partition));
      }
      Producer<byte[], byte[]> current = producer;
      if (current == null) {
        current =
            presets.transactionalProducer(
                "dead-letters-" + partition,
                topics.deadLettersTransactionalId(partition),
                TRANSACTION_TIMEOUT);
        producer = current;
        // First fence, then read back: nothing older can be written between the two.
        current.initTransactions();
        written.addAll(history.read(inboxTopicId, partition, delivered));
      }
      // Below what is delivered nothing comes again.
      written.removeIf(offset -> offset < delivered);
      List<DeadLetter> fresh =
          letters.stream().filter(letter -> !written.contains(letter.offset())).toList();
      if (fresh.isEmpty()) {
        return;
      }
      current.beginTransaction();
      for (DeadLetter letter : fresh) {
        var unused =
            current.send(
                new ProducerRecord<>(
                    topics.deadLetters(), 0, letter.key(), letter.value(), letter.headers()));
      }
      current.commitTransaction();
      fresh.forEach(letter -> written.add(letter.offset()));
    }

    /** What is queued fails; the producer goes when the last write is over. */
    private synchronized void retire() {
      retired = true;
      var unused =
          tail.handleAsync(
              (done, failure) -> {
                Producer<byte[], byte[]> current = producer;
                if (current != null) {
                  current.close(Duration.ofSeconds(1));
                }
                return done;
              },
              threads);
    }
  }
}
