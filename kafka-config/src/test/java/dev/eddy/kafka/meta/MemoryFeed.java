package dev.eddy.kafka.meta;

import dev.eddy.model.cluster.MetaChange;
import dev.eddy.proto.meta.MetaRecordCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A topic in memory that can be made to hang, to fail and to hold back its records. */
final class MemoryFeed implements TopicFeed {
  private final List<Entry> log = new ArrayList<>(); // guarded by this
  private long end; // guarded by this
  private long position; // guarded by this
  private boolean isHeldBack; // guarded by this
  private boolean isEndUnknown; // guarded by this
  private boolean isFailing; // guarded by this
  private int rewinds; // guarded by this

  synchronized long append(MetaChange change) {
    byte[] key = change.key().getBytes(StandardCharsets.UTF_8);
    return append(key, MetaRecordCodec.encode(change));
  }

  synchronized long append(byte[] key, byte @Nullable [] value) {
    long offset = end;
    log.add(new Entry(offset, 0, key, value));
    end += 2; // As with the marker of a transaction.
    notifyAll();
    return offset;
  }

  synchronized void holdBack(boolean held) {
    isHeldBack = held;
    notifyAll();
  }

  synchronized void endUnknown(boolean unknown) {
    isEndUnknown = unknown;
  }

  synchronized void failOnce() {
    isFailing = true;
    notifyAll();
  }

  synchronized int rewinds() {
    return rewinds;
  }

  @Override
  public synchronized List<Entry> poll(Duration timeout) {
    if (!isFailing && (isHeldBack || position >= end)) {
      try {
        wait(2);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    if (isFailing) {
      isFailing = false;
      throw new IllegalStateException("poll failed as told");
    }
    if (isHeldBack) {
      return List.of();
    }
    List<Entry> entries = log.stream().filter(entry -> entry.offset() >= position).toList();
    position = end;
    return entries;
  }

  @Override
  public synchronized long position() {
    return position;
  }

  @Override
  public synchronized CompletableFuture<Long> end() {
    return isEndUnknown
        ? CompletableFuture.failedFuture(new IllegalStateException("no answer, as told"))
        : CompletableFuture.completedFuture(end);
  }

  @Override
  public synchronized void rewind() {
    rewinds++;
    position = 0;
  }

  @Override
  public synchronized void wakeUp() {
    notifyAll();
  }

  @Override
  public void close() {}
}
