package dev.eddy.engine.field;

import dev.eddy.engine.filter.PayloadReader;
import dev.eddy.model.json.JsonValue.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.roaringbitmap.RoaringBitmap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what some fields have in the payloads of one moment, in the background. Owned by the
 * writer.
 */
final class BaseRead {
  private static final Logger LOG = LoggerFactory.getLogger(BaseRead.class);
  private static final int PIECE_PAIRS = 1 << 20;

  private final Map<String, DeclaredField> fields;
  private final Set<String> members;
  private final StoredPayloads stored;
  private final LongAdder payloadsRead;
  private final AtomicBoolean isTaken = new AtomicBoolean();
  private final CompletableFuture<Map<String, Base>> work;
  private volatile boolean isClosed;

  /**
   * What was read of one field.
   *
   * @param points that have a value of the declared type
   */
  record Base(PostingRun values, PostingRun facts, long points) {}

  /**
   * Starts.
   *
   * @param members that the fields are in
   * @param stored taken over
   * @param payloadsRead counts them
   */
  BaseRead(
      Map<String, DeclaredField> fields,
      Set<String> members,
      StoredPayloads stored,
      LongAdder payloadsRead,
      Executor background) {
    this.fields = fields;
    this.members = Set.copyOf(members);
    this.stored = stored;
    this.payloadsRead = payloadsRead;
    this.work = start(background);
  }

  private CompletableFuture<Map<String, Base>> start(Executor background) {
    try {
      return CompletableFuture.supplyAsync(this::run, background);
    } catch (RejectedExecutionException closing) {
      return CompletableFuture.failedFuture(closing);
    }
  }

  Map<String, DeclaredField> fields() {
    return fields;
  }

  boolean isDone() {
    return work.isDone();
  }

  /** What was read, once it is done. */
  Map<String, Base> join() {
    return work.join();
  }

  /** Ends it, or waits until it has seen that it is to end, so that no payloads are held. */
  void end() {
    isClosed = true;
    if (isTaken.compareAndSet(false, true)) {
      stored.close();
      return;
    }
    try {
      var _ = work.join();
    } catch (CompletionException | CancellationException ended) {
      LOG.debug("event=field_index_ended fields={}", fields.keySet(), ended);
    }
  }

  private Map<String, Base> run() {
    if (!isTaken.compareAndSet(false, true)) {
      throw new CancellationException("the shard is closed");
    }
    try (stored) {
      return read();
    }
  }

  private Map<String, Base> read() {
    Map<String, BaseBuilder> builders = new TreeMap<>();
    fields.forEach((name, field) -> builders.put(name, new BaseBuilder(field.reader())));
    stored.forEach((payload, slot) -> {
      if (isClosed) {
        throw new CancellationException("the shard is closed");
      }
      payloadsRead.increment();
      JsonObject object = PayloadReader.members(payload, members);
      builders.values().forEach(builder -> builder.add(slot, object));
    });
    Map<String, Base> bases = new HashMap<>();
    builders.forEach((name, builder) -> bases.put(name, builder.build()));
    return bases;
  }

  /** Gathers a base piece by piece. */
  private static final class BaseBuilder {
    private final FieldReader reader;
    private final Pieces values = new Pieces();
    private final Pieces facts = new Pieces();
    private long points;

    BaseBuilder(FieldReader reader) {
      this.reader = reader;
    }

    void add(int slot, JsonObject members) {
      reader.read(members, key -> values.add(key, slot), key -> facts.add(key, slot));
      points += reader.elements().areIn(members) ? 1 : 0;
    }

    Base build() {
      return new Base(values.build(), facts.build(), points);
    }
  }

  private static final class Pieces {
    private final Pairs pairs = new Pairs();
    private final List<HeapRun> runs = new ArrayList<>();

    void add(long key, int slot) {
      pairs.add(key, slot);
      if (pairs.size() == PIECE_PAIRS) {
        finish();
      }
    }

    private void finish() {
      pairs.sort();
      runs.add(PostingRun.of(pairs, new RoaringBitmap()));
      pairs.clear();
    }

    HeapRun build() {
      finish();
      return PostingMerge.mergeAll(runs, slot -> true);
    }
  }
}
