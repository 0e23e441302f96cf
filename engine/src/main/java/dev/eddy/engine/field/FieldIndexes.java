package dev.eddy.engine.field;

import dev.eddy.engine.filter.FieldRules;
import dev.eddy.engine.filter.PayloadReader;
import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.json.KeyPath.Step;
import dev.eddy.model.point.Payload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The indexes of all declared fields of a shard. One that is declared over points that are there is
 * read from their payloads in the background, and of no use before that is done; what is applied
 * meanwhile is taken at once. Checkpoints hold those that can be asked, and a restart takes them
 * over.
 *
 * <p>Threading: owned by the shard's writer; readers use a {@link View}.
 */
public final class FieldIndexes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FieldIndexes.class);

  /** Some 3 MiB of terms. */
  private static final int STALE_TERMS_MIN = 1 << 16;

  private final Executor background;
  private final IndexFiles files;
  private final Map<String, DeclaredField> fields = new TreeMap<>();

  private final TermRenewals renewals;
  private final IndexReading reading;

  /** What declared fields are in. */
  private final Set<String> members = new HashSet<>();

  /**
   * @param background takes tasks of up to some minutes
   * @param nanoClock monotonic
   * @param files of checkpoints
   * @param room for what is being read
   */
  public FieldIndexes(
      Executor background, LongSupplier nanoClock, IndexFiles files, HeapRoom room) {
    this(background, nanoClock, files, room, STALE_TERMS_MIN);
  }

  /**
   * @param staleTermsMin terms of no point that a field always keeps
   */
  FieldIndexes(
      Executor background,
      LongSupplier nanoClock,
      IndexFiles files,
      HeapRoom room,
      int staleTermsMin) {
    this.renewals = new TermRenewals(staleTermsMin);
    this.background = background;
    this.files = files;
    this.reading = new IndexReading(renewals, room, nanoClock, background);
  }

  /** The indexes that can be asked, by path. Thread-safe, until whoever took it has released it. */
  public record View(Map<List<Step>, IndexedField> byPath) {
    /** Nothing is indexed. */
    public static final View NONE = new View(Map.of());

    public View {
      byPath = Map.copyOf(byPath);
    }

    /** Gives back what it holds, once. */
    public void release() {
      byPath.values().forEach(IndexedField::release);
    }

    /** The index at a path; null = none that can be asked. */
    public @Nullable IndexedField at(List<Step> path) {
      return byPath.get(path);
    }
  }

  /** Told of files of stored indexes that are not what was written. */
  @FunctionalInterface
  public interface DamagedFile {
    void found(Path file, CorruptFileException reason);
  }

  /**
   * Takes over what a checkpoint holds of fields that were declared as they are; to be called
   * before anything else. Others are read from payloads.
   *
   * @param folder of the checkpoint's indexes
   * @param points how many have a value of each field, as far as that is known
   * @param slotCount slots that the checkpoint knows of
   * @return how many fields there are then
   */
  public int restore(
      FieldIndexManifest stored,
      Path folder,
      CollectionSpec spec,
      Map<String, Long> points,
      int slotCount,
      DamagedFile damaged)
      throws IOException {
    if (!stored.meaning().equals(FieldIndexManifest.MEANING)) {
      LOG.info(
          "event=field_indexes_outdated meaning=\"{}\" now=\"{}\"",
          stored.meaning(),
          FieldIndexManifest.MEANING);
      return 0;
    }
    FieldRules rules = FieldRules.of(spec);
    IndexRestore restore = new IndexRestore(stored, folder, slotCount, files);
    for (Map.Entry<String, FieldIndex> entry : spec.payloadIndexes().entrySet()) {
      FieldIndexManifest.StoredField field = stored.fields().get(entry.getKey());
      Long known = points.get(entry.getKey());
      if (field != null && known != null && field.declared().isIndexedLike(entry.getValue())) {
        DeclaredField restored =
            restore.field(field, entry.getValue(), rules.elements(entry.getKey()));
        if (restored != null) {
          restored.settleAt(entry.getValue(), home(entry.getValue()));
          restored.counted(known);
          fields.put(entry.getKey(), restored);
        }
      }
    }
    restore.adopt();
    restore
        .damaged()
        .forEach((file, reason) ->
            damaged.found(folder.resolve(stored.files().get(file).name()), reason));
    return fields.size();
  }

  /**
   * Declares exactly the fields of the collection; those that are declared as before stay.
   *
   * @param isEmpty whether there are no points yet
   * @param points how many have a value of each field, as far as that is known
   */
  public void declare(
      CollectionSpec spec, FieldRules rules, boolean isEmpty, Map<String, Long> points) {
    renewals.drop();
    fields.forEach((name, field) -> {
      FieldIndex declared = spec.payloadIndexes().get(name);
      if (declared == null || !field.declared().isIndexedLike(declared)) {
        field.close();
      }
    });
    fields.keySet().retainAll(spec.payloadIndexes().keySet());
    spec.payloadIndexes()
        .forEach((name, declared) -> {
          DeclaredField known = fields.get(name);
          if (known != null && known.declared().isIndexedLike(declared)) {
            known.settleAt(declared, home(declared));
          } else {
            DeclaredField field = DeclaredField.of(declared, rules.elements(name), isEmpty);
            Long counted = isEmpty ? Long.valueOf(0) : points.get(name);
            if (counted != null) {
              field.counted(counted);
            }
            field.settleAt(declared, home(declared));
            fields.put(name, field);
          }
        });
    members.clear();
    fields.keySet().forEach(name -> members.add(KeyPath.parse(name).head()));
  }

  private RunHome home(FieldIndex declared) {
    return declared.isOnDisk() ? new RunHome.Disk(files) : new RunHome.Heap();
  }

  /** Whether anything is declared, so that payloads are to be told. */
  public boolean isActive() {
    return !fields.isEmpty();
  }

  /** The members of a payload that declared fields are in. */
  public JsonObject members(Payload payload) {
    return PayloadReader.members(payload, members);
  }

  /** Counts the points of fields that are not counted yet, reading all payloads. */
  public void count(Supplier<StoredPayloads> payloads) {
    List<DeclaredField> uncounted =
        fields.values().stream().filter(field -> !field.isCounted()).toList();
    if (uncounted.isEmpty()) {
      return;
    }
    uncounted.forEach(field -> field.counted(0));
    try (StoredPayloads stored = payloads.get()) {
      stored.forEach((payload, _) -> {
        JsonObject object = members(payload);
        uncounted.forEach(field -> field.count(object, 1));
      });
    }
  }

  /** How many points have a value of each field, of those where that is known. */
  public Map<String, Long> points() {
    Map<String, Long> points = new TreeMap<>();
    fields.forEach((name, field) -> {
      if (field.isCounted()) {
        points.put(name, field.points());
      }
    });
    return Map.copyOf(points);
  }

  /**
   * Takes the payload of a slot above all so far; an empty one need not be given.
   *
   * @param given at least the {@link #members}
   */
  public void add(int slot, JsonObject given) {
    for (DeclaredField field : fields.values()) {
      field.count(given, 1);
      field.add(slot, given);
    }
    renewals.add(slot, given);
  }

  /** Takes the payload of a slot instead of the one it had. */
  public void replace(int slot, JsonObject former, JsonObject given) {
    for (DeclaredField field : fields.values()) {
      field.count(former, -1);
      field.count(given, 1);
      field.replace(slot, given);
    }
    renewals.replace(slot, given);
  }

  /** A slot dies that had this payload; an empty one need not be given. */
  public void remove(JsonObject former) {
    fields.values().forEach(field -> field.count(former, -1));
  }

  /**
   * Everything so far, of those fields that are read; the taker releases it.
   *
   * @param live which slots are
   */
  public View freeze(IntPredicate live) {
    Map<List<Step>, IndexedField> byPath = new HashMap<>();
    for (DeclaredField field : fields.values()) {
      IndexedField frozen = field.freeze(live);
      if (field.isReady()) {
        frozen.retain();
        byPath.put(field.reader().elements().steps(), frozen);
      }
    }
    return byPath.isEmpty() ? View.NONE : new View(byPath);
  }

  /** Whether a declared field is read. */
  public boolean isReady(String name) {
    DeclaredField field = fields.get(name);
    return field != null && field.isReady();
  }

  /** Everything so far of one field; null where that is not read. */
  public @Nullable IndexedField freeze(String name, IntPredicate live) {
    DeclaredField field = fields.get(name);
    return field != null && field.isReady() ? field.freeze(live) : null;
  }

  /**
   * Takes what a checkpoint of this moment holds: the fields that can be asked.
   *
   * @param live which slots are, at this moment for good; asked from other threads
   */
  public FieldIndexCheckpoint beginCheckpoint(IntPredicate live) {
    Map<String, DeclaredField.Moment> moments = new TreeMap<>();
    fields.forEach((name, field) -> {
      if (field.isReady()) {
        moments.put(name, field.moment(live));
      }
    });
    return new FieldIndexCheckpoint(files, moments, live);
  }

  /** Whether a checkpoint would hold an index that was read since the last one. */
  public boolean hasUnsavedWork() {
    return fields.values().stream().anyMatch(DeclaredField::hasUnsavedBase);
  }

  /**
   * Takes over and starts background work.
   *
   * @param points of the shard, whose payloads a reading goes through
   * @param live which slots are, as of now; asked from other threads
   * @param payloads of now; asked for when they are to be read, and closed
   * @return whether a view of now shows more than the last one
   */
  public boolean maintain(
      int points, Supplier<IntPredicate> live, Supplier<StoredPayloads> payloads) {
    boolean hasChanged = reading.adopt(fields);
    reading.start(fields, points, members, field -> home(field.declared()), payloads);
    for (DeclaredField field : fields.values()) {
      hasChanged |= field.maintain(live, background);
    }
    return hasChanged;
  }

  /** Whether an index is not read yet, or work on one is under way. */
  public boolean isBusy() {
    return reading.isGoingOn() || fields.values().stream().anyMatch(DeclaredField::isBusy);
  }

  /** Whether there are fields of which not even their points are known yet. */
  public boolean isReading() {
    return fields.values().stream().anyMatch(field -> !field.isCounted());
  }

  /** Why fields can't be indexed for now; empty when nothing failed. */
  public Optional<String> problem() {
    return reading.problem();
  }

  /**
   * Ends the reading of payloads and work on files; when this returns, none are held but by views
   * and checkpoints.
   */
  @Override
  public void close() {
    reading.end();
    renewals.drop();
    fields.values().forEach(DeclaredField::close);
    fields.clear();
  }

  /** Payloads that were read to make indexes, since the start. Safe from any thread. */
  public long payloadsRead() {
    return reading.payloadsRead();
  }

  /** Bytes of the heap of each field, by its path, as of the last {@link #freeze}. */
  public Map<String, Long> heapBytesByField() {
    Map<String, Long> bytes = new HashMap<>();
    fields.forEach((path, field) -> bytes.put(path, field.heapBytes()));
    renewals.fields().forEach((path, field) -> bytes.merge(path, field.heapBytes(), Long::sum));
    return bytes;
  }

  /** The same of all fields. */
  public long heapBytes() {
    return heapBytesByField().values().stream().mapToLong(Long::longValue).sum();
  }

  /** Bytes of mapped files, as of the last {@link #freeze}. */
  public long mappedBytes() {
    return fields.values().stream().mapToLong(DeclaredField::mappedBytes).sum();
  }
}
