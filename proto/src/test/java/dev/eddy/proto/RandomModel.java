package dev.eddy.proto;

import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Declaration;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.HnswConfig;
import dev.eddy.model.collection.HnswDiff;
import dev.eddy.model.collection.MultiVectorComparator;
import dev.eddy.model.collection.OptimizersConfig;
import dev.eddy.model.collection.Quantization;
import dev.eddy.model.collection.QuantizationDiff;
import dev.eddy.model.collection.SparseVectorParams;
import dev.eddy.model.collection.StrictMode;
import dev.eddy.model.collection.TextSettings;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.collection.WalConfig;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.FieldPredicate.GeoPoint;
import dev.eddy.model.filter.FieldPredicate.MatchValue;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.PointVectors;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.update.Origin;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import dev.eddy.model.update.UpdateMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Domain objects of every shape, from a seed. */
public final class RandomModel {
  private static final List<String> PATHS =
      List.of("a", "city.name", "tags[]", "list[3]", "\"dotted.key\".c", "größe", "a[].b-c_d");
  private static final List<String> TEXTS =
      List.of("", "x", "Zürich", "two words", "日本", "\uD83D\uDE00");

  private final Random random;

  public RandomModel(Random random) {
    this.random = random;
  }

  public Update update(int kind) {
    return switch (kind % 13) {
      case 0 -> new Update.Genesis(uuid(), text() + "c", nat(), nat(), spec(), random.nextLong());
      case 1 -> new Update.Configure(spec(), random.nextInt() - 5L);
      case 2 -> new Update.Upsert(list(4, this::point));
      case 3 -> new Update.FromInbox(list(4, this::inboxChange));
      case 4 -> new Update.Delete(selection());
      case 5 -> new Update.UpdateVectors(list(3, () -> new PointVectors(id(), vectors())));
      case 6 -> new Update.DeleteVectors(selection(), list(3, this::text));
      case 7 -> new Update.SetPayload(selection(), payload(), maybe(this::path));
      case 8 -> new Update.OverwritePayload(selection(), payload());
      case 9 -> new Update.DeletePayload(selection(), list(3, this::path));
      case 10 -> new Update.ClearPayload(selection());
      case 11 -> conditional();
      default -> new Update.Noop();
    };
  }

  private Update conditional() {
    Filter filter = maybe(() -> filter(2));
    return random.nextBoolean()
        ? new Update.Conditional(
            new Update.Upsert(list(4, this::point)), UpdateMode.values()[random.nextInt(3)], filter)
        : new Update.Conditional(
            new Update.UpdateVectors(list(3, () -> new PointVectors(id(), vectors()))),
            UpdateMode.UPSERT,
            filter);
  }

  public Update.InboxChange inboxChange() {
    long offset = random.nextInt(1 << 30) * (long) random.nextInt(1 << 20);
    long before = random.nextBoolean() ? Origin.NONE : Math.max(0, offset - random.nextInt(5));
    Origin origin = new Origin(uuid(), random.nextInt(4), offset, before);
    Point point = point();
    return new Update.InboxChange(origin, point.id(), random.nextBoolean() ? point : null);
  }

  public Point point() {
    return new Point(id(), vectors(), payload());
  }

  public PointId id() {
    return random.nextBoolean() ? PointId.of(random.nextLong()) : PointId.of(uuid());
  }

  public Vectors vectors() {
    if (random.nextInt(3) == 0) {
      return Vectors.unnamed(floats(1 + random.nextInt(20)));
    }
    Map<String, Vector> byName = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      byName.put(random.nextInt(4) == 0 ? "" : "name" + i + text(), vector());
    }
    return new Vectors(byName);
  }

  public Vector vector() {
    return switch (random.nextInt(4)) {
      case 0 -> {
        int length = random.nextInt(5);
        yield new Vector.Sparse(random.ints(length).toArray(), floats(length));
      }
      case 1 -> {
        int columns = 1 + random.nextInt(5);
        float[][] rows = new float[1 + random.nextInt(3)][];
        for (int i = 0; i < rows.length; i++) {
          rows[i] = floats(columns);
        }
        yield new Vector.Multi(rows);
      }
      default -> new Vector.Dense(floats(1 + random.nextInt(300)));
    };
  }

  public float[] floats(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian() * (random.nextInt(9) == 0 ? 1e30f : 1f);
    }
    return values;
  }

  public Payload payload() {
    return Payload.of(object(3));
  }

  public JsonObject object(int depth) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      members.put("k" + i + text(), json(depth - 1));
    }
    return new JsonObject(members);
  }

  private JsonValue json(int depth) {
    return switch (random.nextInt(depth > 0 ? 8 : 6)) {
      case 0 -> JsonValue.JsonNull.NULL;
      case 1 -> new JsonValue.JsonBoolean(random.nextBoolean());
      case 2 -> new JsonValue.JsonString(text());
      case 3 -> new JsonValue.JsonLong(random.nextLong());
      case 4 -> new JsonValue.JsonUnsigned(random.nextLong() | Long.MIN_VALUE);
      case 5 -> new JsonValue.JsonDouble(random.nextGaussian());
      case 6 -> new JsonValue.JsonArray(list(3, () -> json(depth - 1)));
      default -> object(depth);
    };
  }

  public PointSelection selection() {
    return random.nextBoolean()
        ? new PointSelection.Ids(list(4, this::id))
        : new PointSelection.Matching(filter(3));
  }

  public Filter filter(int depth) {
    return new Filter(
        list(2, () -> condition(depth)),
        maybe(() -> list(2, () -> condition(depth))),
        list(2, () -> condition(depth)),
        maybe(() -> new Filter.MinShould(list(2, () -> condition(depth)), 1 + random.nextInt(3))));
  }

  public Condition condition(int depth) {
    return switch (random.nextInt(depth > 0 ? 8 : 6)) {
      case 0 -> new Condition.IsEmpty(path());
      case 1 -> new Condition.IsNull(path());
      case 2 -> new Condition.HasId(new HashSet<>(list(4, this::id)));
      case 3 -> new Condition.HasVector(text());
      case 4 -> new Condition.Slice(5, random.nextInt(5));
      case 5 -> field();
      case 6 -> new Condition.Nested(path(), filter(depth - 1));
      default -> new Condition.Sub(filter(depth - 1));
    };
  }

  private Condition.Field field() {
    List<FieldPredicate> predicates = new ArrayList<>(list(2, this::predicate));
    predicates.add(predicate());
    return new Condition.Field(path(), predicates);
  }

  private FieldPredicate predicate() {
    return switch (random.nextInt(15)) {
      case 0 -> new FieldPredicate.Match(matchValue());
      case 1 -> new FieldPredicate.MatchAny(list(3, this::matchValue));
      case 2 -> new FieldPredicate.MatchExcept(list(3, this::matchValue));
      case 3 -> new FieldPredicate.MatchText(text());
      case 4 -> new FieldPredicate.MatchTextAny(text());
      case 5 -> new FieldPredicate.MatchPhrase(text());
      case 6 -> new FieldPredicate.MatchPrefix(text());
      case 7 ->
          new FieldPredicate.Range(
              maybe(random::nextGaussian),
              maybe(random::nextGaussian),
              maybe(random::nextGaussian),
              maybe(random::nextGaussian));
      case 8 ->
          new FieldPredicate.DatetimeRange(
              maybe(random::nextLong),
              maybe(random::nextLong),
              maybe(random::nextLong),
              maybe(random::nextLong));
      case 9 -> new FieldPredicate.GeoBoundingBox(geo(), geo());
      case 10 -> new FieldPredicate.GeoRadius(geo(), random.nextDouble() * 1e6);
      case 11 -> new FieldPredicate.GeoPolygon(ring(), list(2, this::ring));
      case 12 ->
          new FieldPredicate.ValuesCount(
              maybe(this::count), maybe(this::count), maybe(this::count), maybe(this::count));
      case 13 -> new FieldPredicate.Empty(random.nextBoolean());
      default -> new FieldPredicate.Null(random.nextBoolean());
    };
  }

  private MatchValue matchValue() {
    return switch (random.nextInt(3)) {
      case 0 -> new MatchValue.Keyword(text());
      case 1 -> new MatchValue.Whole(random.nextLong());
      default -> new MatchValue.Flag(random.nextBoolean());
    };
  }

  private List<GeoPoint> ring() {
    GeoPoint first = geo();
    return List.of(first, geo(), geo(), first);
  }

  public GeoPoint geo() {
    return new GeoPoint(random.nextDouble() * 360 - 180, random.nextDouble() * 180 - 90);
  }

  public CollectionSpec spec() {
    Map<String, VectorParams> vectors = new TreeMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      vectors.put(
          i == 1 ? "" : "v" + i,
          new VectorParams(
              1 + random.nextInt(2000),
              Distance.values()[random.nextInt(4)],
              maybe(this::hnsw),
              maybe(random::nextBoolean),
              maybe(this::text),
              maybe(this::text),
              maybe(() -> MultiVectorComparator.MAX_SIM),
              maybe(this::quantization)));
    }
    return new CollectionSpec(
        vectors,
        1 + random.nextInt(9),
        1 + random.nextInt(3),
        1 + random.nextInt(3),
        maybe(this::nat),
        maybe(this::count),
        random.nextBoolean(),
        maybe(this::text),
        HnswConfig.DEFAULT.with(hnsw()),
        OptimizersConfig.DEFAULT.with(optimizers()),
        new WalConfig(1 + random.nextInt(99), random.nextInt(3), 1 + random.nextInt(3)),
        maybe(() -> object(2)),
        indexes(),
        maybe(this::strictMode),
        sparseVectors(),
        maybe(this::quantization));
  }

  private Quantization quantization() {
    Boolean alwaysRam = maybe(random::nextBoolean);
    String memory = maybe(this::text);
    return switch (random.nextInt(4)) {
      case 0 ->
          new Quantization.Scalar(maybe(() -> 0.5f + random.nextFloat() / 2), alwaysRam, memory);
      case 1 -> new Quantization.Product(one(Quantization.Compression.values()), alwaysRam, memory);
      case 2 ->
          new Quantization.Binary(
              maybe(() -> one(Quantization.Encoding.values())),
              maybe(() -> one(Quantization.QueryEncoding.values())),
              alwaysRam,
              memory);
      default ->
          new Quantization.Turbo(maybe(() -> one(Quantization.Bits.values())), alwaysRam, memory);
    };
  }

  private QuantizationDiff quantizationDiff() {
    return random.nextInt(3) == 0
        ? QuantizationDiff.DISABLED
        : new QuantizationDiff(quantization());
  }

  private <E> E one(E[] of) {
    return of[random.nextInt(of.length)];
  }

  private Map<String, SparseVectorParams> sparseVectors() {
    Map<String, SparseVectorParams> vectors = new TreeMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      vectors.put("s" + i, sparseParams());
    }
    return vectors;
  }

  private SparseVectorParams sparseParams() {
    return new SparseVectorParams(
        maybe(() ->
            new SparseVectorParams.Index(
                maybe(this::count),
                maybe(random::nextBoolean),
                maybe(this::text),
                maybe(this::text))),
        maybe(() -> SparseVectorParams.Modifier.values()[random.nextInt(2)]));
  }

  private Map<String, FieldIndex> indexes() {
    Map<String, FieldIndex> indexes = new TreeMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      indexes.put("a[]." + "f" + i, index());
    }
    return indexes;
  }

  private FieldIndex index() {
    FieldIndex.Type type = FieldIndex.Type.values()[random.nextInt(8)];
    boolean lookup = random.nextBoolean();
    return new FieldIndex(
        type,
        random.nextBoolean(),
        maybe(random::nextBoolean),
        maybe(this::text),
        maybe(random::nextBoolean),
        maybe(random::nextBoolean),
        maybe(random::nextBoolean),
        maybe(() -> lookup),
        maybe(() -> !lookup),
        maybe(random::nextBoolean),
        type == FieldIndex.Type.TEXT ? textSettings() : null);
  }

  private TextSettings textSettings() {
    return new TextSettings(
        TextSettings.Tokenizer.values()[random.nextInt(4)],
        maybe(this::nat),
        maybe(this::nat),
        maybe(random::nextBoolean),
        maybe(random::nextBoolean),
        maybe(random::nextBoolean),
        maybe(() ->
            new TextSettings.StopWords(
                random.nextBoolean(), List.of("english"), List.of(text(), text()))),
        maybe(this::text));
  }

  private StrictMode strictMode() {
    return new StrictMode(
        maybe(random::nextBoolean),
        maybe(this::nat),
        maybe(this::nat),
        maybe(random::nextBoolean),
        maybe(random::nextBoolean),
        maybe(this::nat),
        maybe(random::nextBoolean),
        maybe(random::nextDouble),
        maybe(this::count),
        maybe(this::count),
        maybe(this::count),
        maybe(this::count),
        maybe(this::count),
        maybe(this::nat),
        maybe(this::nat),
        maybe(this::count),
        maybe(this::count),
        random.nextBoolean() ? Map.of() : Map.of("m", new StrictMode.Bound(maybe(this::count))),
        random.nextBoolean() ? Map.of() : Map.of("s", new StrictMode.Bound(maybe(this::count))),
        maybe(this::count),
        maybe(this::nat));
  }

  private Declaration declaration() {
    return switch (random.nextInt(5)) {
      case 0 -> new Declaration.DeclareField(KeyPath.parse("a.b[]"), index());
      case 1 -> new Declaration.DropField(KeyPath.parse("a[].b"));
      case 2 ->
          new Declaration.AddVector(
              "v" + text(), VectorParams.of(1 + random.nextInt(9), Distance.DOT));
      case 3 -> new Declaration.AddSparseVector("s" + text(), sparseParams());
      default -> new Declaration.DropVector(text());
    };
  }

  public CollectionChange change() {
    Map<String, CollectionChange.VectorDiff> vectors = new TreeMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      vectors.put(
          i == 1 ? "" : "v" + i,
          new CollectionChange.VectorDiff(
              maybe(this::hnsw),
              maybe(random::nextBoolean),
              maybe(this::text),
              maybe(this::quantizationDiff)));
    }
    return new CollectionChange(
        vectors,
        maybe(this::hnsw),
        maybe(this::optimizers),
        maybe(this::nat),
        maybe(this::nat),
        maybe(this::nat),
        maybe(this::count),
        maybe(random::nextBoolean),
        maybe(this::text),
        maybe(() -> object(2)),
        maybe(this::strictMode),
        maybe(this::declaration),
        sparseVectors(),
        maybe(this::quantizationDiff));
  }

  private HnswDiff hnsw() {
    return new HnswDiff(
        maybe(this::nat),
        maybe(this::nat),
        maybe(this::nat),
        maybe(this::nat),
        maybe(random::nextBoolean),
        maybe(this::text),
        maybe(this::nat),
        maybe(random::nextBoolean));
  }

  private OptimizersConfig.Diff optimizers() {
    return new OptimizersConfig.Diff(
        maybe(random::nextDouble),
        maybe(this::nat),
        maybe(this::nat),
        maybe(this::nat),
        maybe(this::nat),
        maybe(this::nat),
        maybe(this::count),
        maybe(this::nat),
        maybe(random::nextBoolean));
  }

  public PayloadSelector payloadSelector() {
    return switch (random.nextInt(4)) {
      case 0 -> PayloadSelector.None.NONE;
      case 1 -> PayloadSelector.All.ALL;
      case 2 -> new PayloadSelector.Include(list(3, this::path));
      default -> new PayloadSelector.Exclude(list(3, this::path));
    };
  }

  public VectorSelector vectorSelector() {
    return switch (random.nextInt(3)) {
      case 0 -> VectorSelector.None.NONE;
      case 1 -> VectorSelector.All.ALL;
      default -> new VectorSelector.Names(list(3, this::text));
    };
  }

  public KeyPath path() {
    return KeyPath.parse(PATHS.get(random.nextInt(PATHS.size())));
  }

  public String text() {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  public UUID uuid() {
    return new UUID(random.nextLong(), random.nextLong());
  }

  public int nat() {
    return random.nextInt(1 << (1 + random.nextInt(30)));
  }

  public long count() {
    return random.nextLong() >>> (1 + random.nextInt(60));
  }

  public MemoryUse memoryUse() {
    MemoryUse.Sum sum = new MemoryUse.Sum();
    for (MemoryUse.Component component : MemoryUse.Component.values()) {
      if (random.nextBoolean()) {
        sum.add(component, nat(), nat());
      }
    }
    sum.addFieldIndex(text(), nat());
    return sum.done();
  }

  public <T> List<T> list(int bound, Supplier<T> element) {
    List<T> elements = new ArrayList<>();
    for (int i = random.nextInt(bound + 1); i > 0; i--) {
      elements.add(element.get());
    }
    return elements;
  }

  public <T> @Nullable T maybe(Supplier<T> value) {
    return random.nextBoolean() ? value.get() : null;
  }
}
