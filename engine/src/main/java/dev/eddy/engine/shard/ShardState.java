package dev.eddy.engine.shard;

import static java.util.Objects.requireNonNull;

import dev.eddy.engine.field.StoredPayloads;
import dev.eddy.engine.filter.FieldRules;
import dev.eddy.engine.format.FileDamage;
import dev.eddy.engine.points.ContentHash;
import dev.eddy.engine.search.NamedVectors;
import dev.eddy.engine.search.ShardView;
import dev.eddy.engine.segment.RowLayout;
import dev.eddy.engine.segment.SegmentResources;
import dev.eddy.engine.segment.VectorFieldStats;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.point.Payload;
import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.shard.MemoryUse.Component;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.BrokenChain;
import dev.eddy.model.update.Update;
import dev.eddy.model.update.Verdict;
import dev.eddy.model.update.Verdict.Applied;
import dev.eddy.model.update.Verdict.Rejected;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/** Everything that updates change, and the one door through which they do. Owned by the writer. */
final class ShardState implements AutoCloseable {
  /**
   * Points up to which those of a newly declared field are counted at once: some ten milliseconds.
   * Beyond, they are counted with the reading of its index.
   */
  static final int COUNTED_AT_ONCE_MAX = 10_000;

  private final ShardId id;
  private final FileDamage damage;
  private final PointWriter points;
  private final FieldChanger fields;
  private final InboxTable inbox;
  private final VerdictRing verdicts;

  private @Nullable Shape shape;
  private @Nullable UpdateApplier applier;
  private FieldRules rules = FieldRules.NONE;
  private RowLayout layout = RowLayout.BY_SLOT;

  private long position;
  private volatile int leaderEpoch;

  /** Whether readers would see something else than what was published last. */
  private boolean isChanged = true;

  /** What recovery puts together. */
  record Parts(
      PointWriter points,
      InboxTable inbox,
      VerdictRing verdicts,
      @Nullable Shape shape,
      long position,
      int leaderEpoch) {}

  ShardState(ShardId id, ShardSettings settings, SegmentResources segments, Parts parts) {
    this.id = id;
    this.damage = segments.damage();
    this.points = parts.points();
    this.fields = new FieldChanger(points, new FieldMaker(settings, segments));
    this.inbox = parts.inbox();
    this.verdicts = parts.verdicts();
    this.position = parts.position();
    this.leaderEpoch = parts.leaderEpoch();
    Shape restored = parts.shape();
    if (restored != null) {
      reshape(restored);
    }
  }

  private void reshape(Shape newShape) {
    shape = newShape;
    rules = FieldRules.of(newShape.spec());
    boolean isEmpty = points.slots().points() == 0;
    points.indexes().declare(newShape.spec(), rules, isEmpty, newShape.fieldPoints());
    layout = TenantLayout.of(newShape.spec(), points.indexes(), points.slots()::isLive);
    applier = new UpdateApplier(points, newShape.spec(), inbox, this::view);
  }

  long position() {
    return position;
  }

  int leaderEpoch() {
    return leaderEpoch;
  }

  VerdictRing verdicts() {
    return verdicts;
  }

  /** The shape with the counts of now. */
  @Nullable Shape shape() {
    Shape current = shape;
    return current == null ? null : current.with(points.indexes().points());
  }

  /**
   * The collection's configuration.
   *
   * @throws NullPointerException before Genesis
   */
  CollectionSpec spec() {
    return requireNonNull(shape, "no Genesis").spec();
  }

  /** What a state begins with that is to take this one's place, once it has these points. */
  Parts successorParts(PointWriter newPoints) {
    Shape current = requireNonNull(shape, "no Genesis");
    return new Parts(newPoints, inbox, verdicts, current.with(Map.of()), position, leaderEpoch);
  }

  /** Files of vectors found damaged so far. Safe from any thread. */
  int damagedFiles() {
    return damage.found();
  }

  PointWriter points() {
    return points;
  }

  /** What a checkpoint of this moment holds of what is in memory. */
  StateFile.Image image() {
    ContentHash hash = points.slots().contentHash();
    return new StateFile.Image(
        points.slots().image(), hash.first(), hash.second(), inbox.image(), verdicts.image());
  }

  List<BrokenChain> takeBrokenChains() {
    return inbox.takeBroken();
  }

  void advance(long newPosition, int newLeaderEpoch) {
    position = Math.max(position, newPosition);
    leaderEpoch = newLeaderEpoch;
  }

  Verdict apply(long offset, Update update) {
    Verdict verdict = verdict(offset, update);
    if (verdict instanceof Rejected rejected) {
      verdicts.add(offset, rejected);
    }
    position = offset + 1;
    isChanged |= !(update instanceof Update.Noop);
    return verdict;
  }

  private Verdict verdict(long offset, Update update) {
    if (update instanceof Update.Genesis genesis) {
      return genesis(genesis);
    }
    UpdateApplier ready = applier;
    Shape current = shape;
    if (ready == null || current == null) {
      return new Rejected(
          ErrorCode.BAD_REQUEST, "Bad request: the log does not begin with Genesis");
    }
    return switch (update) {
      case Update.Genesis genesis -> genesis(genesis);
      case Update.Configure configure -> configure(configure, current);
      case Update.Upsert upsert -> ready.upsert(upsert, offset);
      case Update.FromInbox bundle -> ready.fromInbox(bundle, offset);
      case Update.Delete delete -> ready.delete(delete);
      case Update.UpdateVectors change -> ready.updateVectors(change, offset);
      case Update.DeleteVectors delete -> ready.deleteVectors(delete, offset);
      case Update.SetPayload set -> ready.setPayload(set, offset);
      case Update.OverwritePayload overwrite -> ready.overwritePayload(overwrite, offset);
      case Update.DeletePayload delete -> ready.deletePayload(delete, offset);
      case Update.ClearPayload clear -> ready.clearPayload(clear, offset);
      case Update.Conditional conditional -> ready.conditional(conditional, offset);
      case Update.Noop ignored -> Applied.APPLIED;
    };
  }

  private Verdict genesis(Update.Genesis genesis) {
    ShardId named = new ShardId(genesis.collectionId(), genesis.generation(), genesis.shard());
    if (!named.equals(id)) {
      return new Rejected(
          ErrorCode.BAD_REQUEST,
          "Bad request: Genesis of %s in the log of %s".formatted(named, id));
    }
    if (shape != null) {
      return Applied.APPLIED; // Sent again by a controller that did not know its end.
    }
    fields.begin(genesis.spec());
    reshape(new Shape(genesis.collectionName(), genesis.metaNumber(), genesis.spec()));
    return Applied.APPLIED;
  }

  private Verdict configure(Update.Configure configure, Shape current) {
    if (configure.metaNumber() <= current.metaNumber()) {
      return Applied.APPLIED;
    }
    CollectionSpec spec = configure.spec();
    fields.change(current.spec(), spec);
    reshape(new Shape(current.collectionName(), configure.metaNumber(), spec));
    if (points.slots().points() <= COUNTED_AT_ONCE_MAX) {
      points.indexes().count(this::payloads);
    }
    return Applied.APPLIED;
  }

  /** Everything applied so far; the taker releases it. */
  private ShardView view() {
    Map<String, NamedVectors> vectors = new LinkedHashMap<>();
    points.fields().forEach((name, field) -> vectors.put(name, field.view()));
    return new ShardView(
        points.slots().freeze(),
        points.store().snapshot(),
        vectors,
        rules,
        points.indexes().freeze(points.slots()::isLive));
  }

  /** What readers get from here on; it holds references of its own. */
  Published publish(@Nullable Published former) {
    @Nullable ShardView view = null;
    if (shape != null) {
      if (!isChanged && former != null && former.view() != null && former.tryRetain()) {
        view = former.view();
      } else {
        view = view();
      }
    }
    isChanged = false;
    ContentHash hash = points.slots().contentHash();
    return new Published(
        position,
        shape == null ? null : shape.spec(),
        view,
        hash.first(),
        hash.second(),
        inbox.ignoredRepeats(),
        inbox.brokenChains(),
        points.indexes().points());
  }

  /** Whether what is published is to be published again. */
  boolean maintain() {
    points.store().throwDamage();
    boolean isDue = false;
    for (NamedField field : points.fields().values()) {
      field.layOut(layout);
      isDue |= field.maintain(points.slots()::isLive);
    }
    if (isWritable()) { // Payloads are read as of now.
      isDue |=
          points
              .indexes()
              .maintain(
                  points.slots().points(),
                  () -> points.slots().freeze().live()::isLive,
                  this::payloads);
    }
    isChanged |= isDue;
    return isDue;
  }

  private StoredPayloads payloads() {
    ShardView view = view();
    return new StoredPayloads() {
      @Override
      public void forEach(ObjIntConsumer<Payload> consumer) {
        view.forEachPayload(consumer);
      }

      @Override
      public void close() {
        view.release();
      }
    };
  }

  boolean hasUnsavedWork(boolean isFinal) {
    return points.indexes().hasUnsavedWork()
        || points.fields().values().stream().anyMatch(field -> field.hasUnsavedWork(isFinal));
  }

  /** Whether background work is under way or is to be tried again. */
  boolean isBusy() {
    return points.indexes().isBusy()
        || points.fields().values().stream().anyMatch(field -> field.isBusy());
  }

  /** Whether vectors and payloads are not yet kept and found as the collection says. */
  boolean isOptimizing() {
    return points.indexes().isReading()
        || points.fields().values().stream().anyMatch(NamedField::isOptimizing);
  }

  /** What does not succeed for now. */
  Optional<String> problem() {
    Optional<String> ofStore = points.store().refusal().map(why -> "payloads: " + why);
    return ofStore.or(points.indexes()::problem).or(() -> firstOf(NamedField::problem));
  }

  /** What is only put off, until there is memory for it. */
  Optional<String> delay() {
    return firstOf(NamedField::delay);
  }

  private Optional<String> firstOf(Function<NamedField, Optional<String>> told) {
    return points.fields().values().stream()
        .flatMap(field -> told.apply(field).map(why -> field.name() + ": " + why).stream())
        .findFirst();
  }

  /** Whether everything applied is where it can be published and applying may go on. */
  boolean isWritable() {
    return points.store().tryWrite();
  }

  /** Sums over all names. */
  VectorFieldStats vectorStats() {
    VectorFieldStats.Sum sum = new VectorFieldStats.Sum();
    points.fields().values().forEach(field -> sum.add(field.stats()));
    MemoryUse.Sum memory = sum.memory();
    memory.add(Component.POINTS, points.slots().memoryBytes(), 0);
    memory.add(Component.INBOX, inbox.memoryBytes(), 0);
    points.indexes().heapBytesByField().forEach(memory::addFieldIndex);
    memory.add(Component.FIELD_INDEXES, 0, points.indexes().mappedBytes());
    return sum.done();
  }

  /**
   * The content hash, computed anew from ids, versions, payloads and vectors as they are stored.
   */
  String audit() {
    ShardView view = view();
    try {
      return view.contentHash().hex();
    } finally {
      view.release();
    }
  }

  @Override
  public void close() {
    points.close();
  }
}
