package dev.eddy.kafka.meta;

import dev.eddy.kafka.client.ClientPresets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of the metadata topic: every write is a short transaction, and opening a writer
 * fences all older ones of the same id.
 *
 * <p>Only these writes are fenced. Whatever else a controller does must come after a write that
 * succeeded, and be harmless when repeated by one that was fenced meanwhile. Safe from any thread,
 * one write at a time. Blocking: some milliseconds, at most about 10 s.
 */
public final class MetaLogWriter implements AutoCloseable {
  /**
   * How long an open transaction of a writer that vanished may hold up readers if nobody takes
   * over.
   */
  private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);

  private final String topic;
  private final String transactionalId;
  private final KafkaProducer<byte[], byte[]> producer;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable RuntimeException end; // guarded by lock: why no more can be written

  private MetaLogWriter(ClientPresets presets, String topic, String transactionalId) {
    this.topic = topic;
    this.transactionalId = transactionalId;
    this.producer =
        presets.transactionalProducer("meta-writer", transactionalId, TRANSACTION_TIMEOUT);
  }

  /**
   * Opens a writer. When this returns, every older writer of the id is fenced and its open
   * transaction aborted: a read to the end from now on sees all that they ever wrote.
   *
   * @throws FencedException if yet another writer was opened meanwhile
   * @throws MetaWriteUnknownException if Kafka does not answer
   */
  public static MetaLogWriter open(ClientPresets presets, String topic, String transactionalId) {
    MetaLogWriter writer = new MetaLogWriter(presets, topic, transactionalId);
    try {
      writer.producer.initTransactions();
      return writer;
    } catch (KafkaException e) {
      RuntimeException failure = writer.judge(e);
      writer.close();
      throw failure;
    }
  }

  /**
   * Writes one record in a transaction of its own.
   *
   * @param value null to remove the key
   * @return the record's offset
   * @throws FencedException if a newer writer took over
   * @throws MetaWriteUnknownException if the outcome is unknown
   */
  public long write(byte[] key, byte @Nullable [] value) {
    return write(List.of(new MetaWrite(key, value))).getFirst();
  }

  /** Writes several records, all or none; returns their offsets. */
  public List<Long> write(List<MetaWrite> writes) {
    lock.lock();
    try {
      if (end != null) {
        throw end;
      }
      return transact(writes);
    } catch (KafkaException | ExecutionException e) {
      end = judge(e);
      producer.close(Duration.ZERO);
      throw end;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end = new MetaWriteUnknownException(topic, e);
      producer.close(Duration.ZERO);
      throw end;
    } finally {
      lock.unlock();
    }
  }

  private List<Long> transact(List<MetaWrite> writes)
      throws ExecutionException, InterruptedException {
    producer.beginTransaction();
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (MetaWrite write : writes) {
      sent.add(producer.send(new ProducerRecord<>(topic, 0, write.key(), write.value())));
    }
    // Waits for the sends, too; one that failed makes it throw.
    producer.commitTransaction();
    List<Long> offsets = new ArrayList<>();
    for (Future<RecordMetadata> send : sent) {
      offsets.add(send.get().offset());
    }
    return offsets;
  }

  private RuntimeException judge(Exception failure) {
    Throwable cause =
        failure instanceof ExecutionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    for (Throwable found = cause; found != null; found = found.getCause()) {
      if (found instanceof ProducerFencedException
          || found instanceof InvalidProducerEpochException) {
        return new FencedException(transactionalId, cause);
      }
    }
    return new MetaWriteUnknownException(topic, cause);
  }

  /** Gives up the right to write; does not wait for Kafka. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (end == null) {
        end = new IllegalStateException("metadata writer is closed");
      }
      producer.close(Duration.ofSeconds(1));
    } finally {
      lock.unlock();
    }
  }
}
