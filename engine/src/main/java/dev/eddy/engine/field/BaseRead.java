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

  /** What gathering such a piece holds: a long and an int for each pair. */
  private static final long PIECE_BYTES = 12L * PIECE_PAIRS;

  private final Map<String, DeclaredField> fields;
  private final Set<String> members;
  private final StoredPayloads stored;
  private final LongAdder payloadsRead;
  private final HeapRoom room;
  private final AtomicBoolean isTaken = new AtomicBoolean();
  private final CompletableFuture<Map<String, Base>> work;
  private volatile boolean isClosed;

  /**
   * What was read of one field.
   *
   * @param points that have a value of the declared type
   */
  record Base(PostingRun values, PostingRun facts, long points) {}

  /** The node's heap has no room for what is being read. */
  static final class NoRoomException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoRoomException(long taken, long more) {
      super(
          "the node's heap has no room for %,d bytes more beside %,d that were read; give it memory, or declare fewer fields at once"
              .formatted(more, taken),
          null,
          false,
          false);
    }

    @Override
    public String toString() {
      return String.valueOf(getMessage());
    }
  }

  /**
   * Starts.
   *
   * @param members that the fields are in
   * @param stored taken over
   * @param payloadsRead counts them
   * @param room that what is read takes while it is read
   */
  BaseRead(
      Map<String, DeclaredField> fields,
      Set<String> members,
      StoredPayloads stored,
      LongAdder payloadsRead,
      HeapRoom room,
      Executor background) {
    this.fields = fields;
    this.members = Set.copyOf(members);
    this.stored = stored;
    this.payloadsRead = payloadsRead;
    this.room = room;
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
    Taken taken = new Taken(room);
    try (stored) {
      return read(taken);
    } finally {
      // From now on it is counted as what the shard holds, or is gone.
      taken.giveBack();
    }
  }

  /** What the work has taken so far. One thread. */
  private static final class Taken {
    private final HeapRoom room;
    private long bytes;

    Taken(HeapRoom room) {
      this.room = room;
    }

    void add(long more) {
      if (!room.tryTake(more)) {
        throw new NoRoomException(bytes, more);
      }
      bytes += more;
    }

    void giveBack() {
      room.giveBack(bytes);
      bytes = 0;
    }
  }

  private Map<String, Base> read(Taken taken) {
    Map<String, BaseBuilder> builders = new TreeMap<>();
    fields.forEach((name, field) -> builders.put(name, new BaseBuilder(field.reader(), taken)));
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
    private final Pieces values;
    private final Pieces facts;
    private long points;

    BaseBuilder(FieldReader reader, Taken taken) {
      this.reader = reader;
      this.values = new Pieces(taken);
      this.facts = new Pieces(taken);
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
    private final Taken taken;

    Pieces(Taken taken) {
      this.taken = taken;
    }

    void add(long key, int slot) {
      pairs.add(key, slot);
      if (pairs.size() == PIECE_PAIRS) {
        if (runs.isEmpty()) {
          taken.add(PIECE_BYTES); // A small field never holds so much.
        }
        finish();
      }
    }

    private void finish() {
      pairs.sort();
      HeapRun run = PostingRun.of(pairs, new RoaringBitmap());
      pairs.clear();
      taken.add(run.heapBytes());
      runs.add(run);
    }

    HeapRun build() {
      finish();
      if (runs.size() > 1) {
        // What is merged, beside what it comes from.
        taken.add(runs.stream().mapToLong(HeapRun::heapBytes).sum());
      }
      return PostingMerge.mergeAll(runs, slot -> true);
    }
  }
}
