package dev.eddy.proto.log;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.HnswDiff;
import dev.eddy.model.collection.Quantization;
import dev.eddy.model.collection.SparseVectorParams;
import dev.eddy.model.collection.StrictMode;
import dev.eddy.model.collection.TextSettings;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.FieldPredicate.GeoPoint;
import dev.eddy.model.filter.FieldPredicate.MatchValue;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.PointVectors;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.update.Origin;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import dev.eddy.model.update.UpdateMode;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** One update of every kind, with every form of vector, id, condition and predicate. */
final class LogRecordSamples {
  private static final UUID UUID_A = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
  private static final UUID TOPIC = UUID.fromString("fedcba98-7654-3210-fedc-ba9876543210");
  private static final PointId SEVEN = PointId.of(7);
  private static final PointId LARGEST = PointId.of(-1L);
  private static final PointId NAMED = PointId.of(UUID_A);
  private static final KeyPath KEY = KeyPath.parse("a.\"b.c\"[2]");
  private static final JsonObject OBJECT = new JsonObject(Map.of("n", new JsonLong(42)));
  private static final PointSelection IDS = new PointSelection.Ids(List.of(SEVEN, LARGEST, NAMED));

  private LogRecordSamples() {}

  /** Prints the golden file of a new format; the file of a format that was released stays as is. */
  public static void main(String[] arguments) {
    byName().forEach((name, update) -> System.out.println(line(name, update)));
  }

  static String line(String name, Update update) {
    return name + " " + HexFormat.of().formatHex(LogRecordCodec.encode(update));
  }

  static Map<String, Update> byName() {
    Map<String, Update> samples = new LinkedHashMap<>();
    samples.put("genesis", new Update.Genesis(UUID_A, "größe", 3, 1, spec(), 17));
    samples.put("configure", new Update.Configure(CollectionSpec.of(Map.of()), 300));
    samples.put("upsert", new Update.Upsert(List.of(point(SEVEN), point(NAMED), bare(LARGEST))));
    samples.put("from-inbox", new Update.FromInbox(inbox()));
    samples.put("delete-ids", new Update.Delete(IDS));
    samples.put("delete-matching", new Update.Delete(new PointSelection.Matching(filter())));
    samples.put(
        "update-vectors",
        new Update.UpdateVectors(List.of(new PointVectors(NAMED, Vectors.unnamed(-1f)))));
    samples.put("delete-vectors", new Update.DeleteVectors(IDS, List.of("", "text")));
    samples.put("set-payload", new Update.SetPayload(IDS, Payload.of(OBJECT), null));
    samples.put("set-payload-key", new Update.SetPayload(IDS, Payload.EMPTY, KEY));
    samples.put("overwrite-payload", new Update.OverwritePayload(IDS, Payload.of(OBJECT)));
    samples.put("delete-payload", new Update.DeletePayload(IDS, List.of(KEY)));
    samples.put("clear-payload", new Update.ClearPayload(IDS));
    samples.put("noop", new Update.Noop());
    samples.put("configure-declared", new Update.Configure(declared(), 301));
    samples.put("configure-forms", new Update.Configure(forms(), 302));
    samples.put(
        "conditional-upsert",
        new Update.Conditional(
            new Update.Upsert(List.of(point(SEVEN))),
            UpdateMode.UPDATE_ONLY,
            Filter.must(new Condition.HasVector("text"))));
    samples.put(
        "conditional-vectors",
        new Update.Conditional(
            new Update.UpdateVectors(List.of(new PointVectors(NAMED, Vectors.unnamed(-1f)))),
            UpdateMode.UPSERT,
            null));
    samples.put("configure-quantized", new Update.Configure(quantized(), 303));
    return samples;
  }

  private static Point point(PointId id) {
    Map<String, Vector> vectors = new LinkedHashMap<>();
    vectors.put("", new Vector.Dense(new float[] {1f, -2.5f}));
    vectors.put("sparse", new Vector.Sparse(new int[] {1, -1}, new float[] {0.5f, 3f}));
    vectors.put("multi", new Vector.Multi(new float[][] {{1f, 2f}, {3f, 4f}, {5f, 6f}}));
    return new Point(id, new Vectors(vectors), Payload.of(OBJECT));
  }

  private static Point bare(PointId id) {
    return new Point(id, Vectors.NONE, Payload.EMPTY);
  }

  private static List<Update.InboxChange> inbox() {
    return List.of(
        new Update.InboxChange(new Origin(TOPIC, 0, 0, Origin.NONE), SEVEN, point(SEVEN)),
        new Update.InboxChange(new Origin(TOPIC, 3, 1000, 0), NAMED, bare(NAMED)),
        new Update.InboxChange(new Origin(TOPIC, 3, 1001, 1000), LARGEST, null));
  }

  private static CollectionSpec spec() {
    HnswDiff hnsw = new HnswDiff(32, null, null, null, true, "cold", 0, false);
    return new CollectionSpec(
        Map.of(
            "",
            VectorParams.of(2, Distance.COSINE),
            "text",
            new VectorParams(768, Distance.MANHATTAN, hnsw, true, "cached", "float32")),
        4,
        2,
        1,
        3,
        250L,
        false,
        "cold",
        CollectionSpec.of(Map.of()).hnsw(),
        CollectionSpec.of(Map.of()).optimizers(),
        CollectionSpec.of(Map.of()).wal(),
        OBJECT);
  }

  /** Every form of vector. */
  private static CollectionSpec forms() {
    return CollectionSpec.of(Map.of("rows", VectorParams.multi(2, Distance.DOT)))
        .withSparseVectors(
            Map.of(
                "bare",
                SparseVectorParams.DEFAULT,
                "terms",
                new SparseVectorParams(
                    new SparseVectorParams.Index(5_000L, true, "pinned", "float16"),
                    SparseVectorParams.Modifier.IDF)));
  }

  /** Every kind of quantization. */
  private static CollectionSpec quantized() {
    return CollectionSpec.of(
            Map.of(
                "binary",
                quantized(
                    new Quantization.Binary(
                        Quantization.Encoding.TWO_BITS,
                        Quantization.QueryEncoding.SCALAR_4_BITS,
                        false,
                        "cold")),
                "product",
                quantized(new Quantization.Product(Quantization.Compression.X64, null, "pinned")),
                "turbo",
                quantized(new Quantization.Turbo(Quantization.Bits.ONE_AND_HALF, true, null)),
                "turbo-bare",
                quantized(new Quantization.Turbo(null, null, null))))
        .withQuantization(new Quantization.Scalar(0.99f, true, "cached"));
  }

  private static VectorParams quantized(Quantization quantization) {
    return new VectorParams(2, Distance.DOT, null, null, null, null, null, quantization);
  }

  private static CollectionSpec declared() {
    TextSettings text =
        new TextSettings(
            TextSettings.Tokenizer.PREFIX,
            2,
            10,
            false,
            true,
            true,
            new TextSettings.StopWords(false, List.of("german"), List.of("für")),
            "german");
    Map<String, StrictMode.Bound> bounds = Map.of("v", new StrictMode.Bound(9L));
    return CollectionSpec.of(Map.of())
        .withPayloadIndexes(
            Map.of(
                "a[].b",
                new FieldIndex(
                    FieldIndex.Type.TEXT,
                    false,
                    true,
                    "cold",
                    true,
                    null,
                    null,
                    null,
                    null,
                    null,
                    text),
                "n",
                new FieldIndex(
                    FieldIndex.Type.INTEGER,
                    false,
                    null,
                    null,
                    null,
                    true,
                    true,
                    true,
                    false,
                    true,
                    null),
                "u",
                FieldIndex.of(FieldIndex.Type.UUID)))
        .withStrictMode(
            new StrictMode(
                true, 1, 2, false, true, 3, false, 1.5, 4L, 5L, 6L, 7L, 8L, 9, 10, 11L, 12L, bounds,
                bounds, 13L, 14));
  }

  private static Filter filter() {
    Condition every = new Condition.Field(KEY, predicates());
    return new Filter(
        List.of(every, new Condition.IsEmpty(KEY), new Condition.IsNull(KEY)),
        List.of(
            new Condition.HasId(Set.of(SEVEN, LARGEST, NAMED)),
            new Condition.HasVector("text"),
            new Condition.Slice(10, 3)),
        List.of(new Condition.Nested(KEY, Filter.ANY)),
        new Filter.MinShould(List.of(new Condition.Sub(Filter.ANY)), 1));
  }

  private static List<FieldPredicate> predicates() {
    MatchValue word = new MatchValue.Keyword("word");
    MatchValue whole = new MatchValue.Whole(-5);
    GeoPoint here = new GeoPoint(8.5, 47.25);
    List<GeoPoint> ring = List.of(here, new GeoPoint(9, 47), new GeoPoint(9, 48), here);
    return List.of(
        new FieldPredicate.Match(new MatchValue.Flag(true)),
        new FieldPredicate.MatchAny(List.of(word)),
        new FieldPredicate.MatchExcept(List.of(whole)),
        new FieldPredicate.MatchText("text"),
        new FieldPredicate.MatchTextAny("any"),
        new FieldPredicate.MatchPhrase("a phrase"),
        new FieldPredicate.MatchPrefix("pre"),
        new FieldPredicate.Range(0.5, null, null, -1e300),
        new FieldPredicate.DatetimeRange(null, -1L, 1_700_000_000_000_000L, null),
        new FieldPredicate.GeoBoundingBox(here, here),
        new FieldPredicate.GeoRadius(here, 1000),
        new FieldPredicate.GeoPolygon(ring, List.of(ring)),
        new FieldPredicate.ValuesCount(null, 1L, 5L, null),
        new FieldPredicate.Empty(true),
        new FieldPredicate.Null(false));
  }
}
