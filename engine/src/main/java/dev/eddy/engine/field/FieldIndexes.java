package dev.eddy.engine.field;

import dev.eddy.engine.filter.FieldRules;
import dev.eddy.engine.filter.PayloadReader;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.json.KeyPath.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The indexes of all declared fields of a shard. One that is declared over points that are there is
 * read from their payloads in the background, and of no use before that is done; what is applied
 * meanwhile is taken at once.
 *
 * <p>Threading: owned by the shard's writer; readers use a {@link View}.
 */
public final class FieldIndexes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FieldIndexes.class);
  private static final int PIECE_PAIRS = 1 << 20;
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Executor background;
  private final LongSupplier nanoClock;
  private final Map<String, Field> fields = new TreeMap<>();
  private @Nullable BaseRead reading;
  private volatile boolean isClosed;

  /** Why the payloads were not read last time; null when they were. */
  private @Nullable String trouble;

  private long triedNanos;

  /**
   * @param background takes tasks of up to some minutes
   * @param nanoClock monotonic
   */
  public FieldIndexes(Executor background, LongSupplier nanoClock) {
    this.background = background;
    this.nanoClock = nanoClock;
  }

  /** The indexes that can be asked, by path. Thread-safe. */
  public record View(Map<List<Step>, IndexedField> byPath) {
    /** Nothing is indexed. */
    public static final View NONE = new View(Map.of());

    public View {
      byPath = Map.copyOf(byPath);
    }

    /** The index at a path; null = none that can be asked. */
    public @Nullable IndexedField at(List<Step> path) {
      return byPath.get(path);
    }
  }

  private static final class Field {
    final FieldIndex declared;
    final FieldReader reader;
    final PostingLog values;
    final PostingLog facts;

    Field(FieldIndex declared, FieldReader reader, boolean hasBase) {
      this.declared = declared;
      this.reader = reader;
      this.values = new PostingLog(hasBase, PostingLog.MERGED_AT_ONCE_MAX);
      this.facts = new PostingLog(hasBase, PostingLog.MERGED_AT_ONCE_MAX);
    }

    /** Whether it can be asked. */
    boolean isReady() {
      return values.hasBase();
    }
  }

  /** Reads the base of some fields. */
  private record BaseRead(
      Map<String, Field> fields,
      StoredPayloads stored,
      AtomicBoolean isTaken,
      CompletableFuture<Map<String, Base>> work) {

    /** Ends it, or waits until it has seen that it is to end, so that no payloads are held. */
    void end() {
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
  }

  private record Base(PostingRun values, PostingRun facts) {}

  /**
   * Declares exactly the fields of the collection; those that are declared as before stay.
   *
   * @param isEmpty whether there are no points yet
   */
  public void declare(CollectionSpec spec, FieldRules rules, boolean isEmpty) {
    fields.keySet().retainAll(spec.payloadIndexes().keySet());
    spec.payloadIndexes()
        .forEach((name, declared) -> {
          Field known = fields.get(name);
          if (known == null || !known.declared.equals(declared)) {
            fields.put(name, new Field(declared, new FieldReader(rules.elements(name)), isEmpty));
          }
        });
  }

  /**
   * Takes the payload of a slot above all so far; an empty one need not be given.
   *
   * @param members at least those that declared fields are in
   */
  public void add(int slot, JsonObject members) {
    for (Field field : fields.values()) {
      field.values.beginNew(slot);
      field.facts.beginNew(slot);
      read(field, slot, members);
    }
  }

  /** Takes the payload of a slot instead of the one it had. */
  public void replace(int slot, JsonObject members) {
    for (Field field : fields.values()) {
      field.values.beginReplaced(slot);
      field.facts.beginReplaced(slot);
      read(field, slot, members);
    }
  }

  private static void read(Field field, int slot, JsonObject members) {
    field.reader.read(
        members, key -> field.values.add(key, slot), key -> field.facts.add(key, slot));
  }

  /**
   * Everything so far, of those fields that are read.
   *
   * @param live which slots are
   */
  public View freeze(IntPredicate live) {
    Map<List<Step>, IndexedField> byPath = new HashMap<>();
    for (Field field : fields.values()) {
      Postings values = field.values.freeze(live);
      Postings facts = field.facts.freeze(live);
      if (field.isReady()) {
        byPath.put(
            field.reader.elements().steps(),
            new IndexedField(field.declared.type(), field.reader.terms(), values, facts));
      }
    }
    return byPath.isEmpty() ? View.NONE : new View(byPath);
  }

  /**
   * Takes over and starts background work.
   *
   * @param live which slots are, as of now; asked from other threads
   * @param payloads of now; asked for when they are to be read, and closed
   * @return whether a view of now shows more than the last one
   */
  public boolean maintain(Supplier<IntPredicate> live, Supplier<StoredPayloads> payloads) {
    boolean hasChanged = adoptBase();
    if (reading == null) {
      startReading(payloads);
    }
    for (Field field : fields.values()) {
      hasChanged |= field.values.maintain(live, background);
      hasChanged |= field.facts.maintain(live, background);
    }
    return hasChanged;
  }

  private boolean adoptBase() {
    BaseRead done = reading;
    if (done == null || !done.work().isDone()) {
      return false;
    }
    reading = null;
    Map<String, Base> bases;
    try {
      bases = done.work().join();
      trouble = null;
    } catch (CompletionException failed) {
      // Filters are asked of payloads as before.
      done.end();
      trouble = "payloads were not read: " + failed.getCause();
      triedNanos = nanoClock.getAsLong();
      LOG.warn("event=field_index_failed fields={}", done.fields().keySet(), failed.getCause());
      return false;
    }
    done.fields()
        .forEach((name, field) -> {
          Base base = bases.get(name);
          if (base != null && fields.get(name) == field) {
            field.values.addBase(base.values());
            field.facts.addBase(base.facts());
          }
        });
    return true;
  }

  private void startReading(Supplier<StoredPayloads> payloads) {
    Map<String, Field> unread = new TreeMap<>();
    fields.forEach((name, field) -> {
      if (!field.isReady()) {
        unread.put(name, field);
      }
    });
    boolean isPausing = trouble != null && nanoClock.getAsLong() - triedNanos < PAUSE_NANOS;
    if (unread.isEmpty() || isPausing) {
      return;
    }
    // What is pending is older than the payloads are, and would not be told from what is newer.
    for (Field field : unread.values()) {
      field.values.startOver();
      field.facts.startOver();
    }
    Map<String, FieldReader> readers = new TreeMap<>();
    Set<String> members = new HashSet<>();
    unread.forEach((name, field) -> {
      readers.put(name, field.reader);
      members.add(KeyPath.parse(name).head());
    });
    StoredPayloads stored = payloads.get();
    AtomicBoolean isTaken = new AtomicBoolean();
    Supplier<Map<String, Base>> work =
        () -> {
          if (!isTaken.compareAndSet(false, true)) {
            throw new CancellationException("the shard is closed");
          }
          try (stored) {
            return read(stored, readers, members);
          }
        };
    reading = new BaseRead(unread, stored, isTaken, start(work));
  }

  private CompletableFuture<Map<String, Base>> start(Supplier<Map<String, Base>> work) {
    try {
      return CompletableFuture.supplyAsync(work, background);
    } catch (RejectedExecutionException closing) {
      return CompletableFuture.failedFuture(closing);
    }
  }

  private Map<String, Base> read(
      StoredPayloads stored, Map<String, FieldReader> readers, Set<String> members) {
    Map<String, BaseBuilder> builders = new TreeMap<>();
    readers.forEach((name, reader) -> builders.put(name, new BaseBuilder(reader)));
    stored.forEach((payload, slot) -> {
      if (isClosed) {
        throw new CancellationException("the shard is closed");
      }
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

    BaseBuilder(FieldReader reader) {
      this.reader = reader;
    }

    void add(int slot, JsonObject members) {
      reader.read(members, key -> values.add(key, slot), key -> facts.add(key, slot));
    }

    Base build() {
      return new Base(values.build(), facts.build());
    }
  }

  private static final class Pieces {
    private final Pairs pairs = new Pairs();
    private final List<PostingRun> runs = new ArrayList<>();

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

    PostingRun build() {
      finish();
      return PostingMerge.mergeAll(runs, slot -> true);
    }
  }

  /** Whether an index is not read yet, or work on one is under way. */
  public boolean isBusy() {
    return reading != null
        || fields.values().stream()
            .anyMatch(field -> !field.isReady() || field.values.isBusy() || field.facts.isBusy());
  }

  /** Why fields can't be indexed for now; empty when nothing failed. */
  public Optional<String> problem() {
    return Optional.ofNullable(trouble);
  }

  /** Ends the reading of payloads; when this returns, none are held. */
  @Override
  public void close() {
    isClosed = true;
    if (reading != null) {
      reading.end();
      reading = null;
    }
  }

  /** Bytes of memory, as of the last {@link #freeze}. */
  public long memoryBytes() {
    long bytes = 0;
    for (Field field : fields.values()) {
      TermDictionary terms = field.reader.terms();
      bytes += field.values.memoryBytes() + field.facts.memoryBytes();
      bytes += terms == null ? 0 : terms.memoryBytes();
    }
    return bytes;
  }
}
