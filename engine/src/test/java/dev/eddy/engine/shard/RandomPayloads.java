package dev.eddy.engine.shard;

import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.FieldIndex.Type;
import dev.eddy.model.collection.TextSettings;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.FieldPredicate.GeoPoint;
import dev.eddy.model.filter.FieldPredicate.MatchValue;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PointId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Seeded payloads and filters over a few fields and few values, so that they meet. */
final class RandomPayloads {
  /** Any of them may be declared with any type. */
  static final List<String> FIELDS = List.of("a", "b", "c", "n[].k", "n[].x", "o.p", "a[]");

  private static final List<String> SCALARS =
      List.of(
          "1",
          "2",
          "1.0",
          "-0.0",
          "0",
          "1.5",
          "9223372036854775807",
          "9223372036854775808",
          "-1e300",
          "null",
          "true",
          "false",
          "\"\"",
          "\"1\"",
          "\"red\"",
          "\"Red fox\"",
          "\"the fox, red\"",
          "\"Réd foxes are running to the red fox\"",
          "\"fox the running, réds: foxes\"",
          "\"2020-01-01T00:00:00Z\"",
          "\"2021-06-01\"",
          "\"550e8400-e29b-41d4-a716-446655440000\"",
          "\"550E8400E29B41D4A716446655440000\"",
          "{\"lon\":10,\"lat\":50}",
          "{\"lon\":10.001,\"lat\":50}",
          "[{\"lon\":4,\"lat\":52},{\"lon\":-11,\"lat\":45}]",
          "{\"lon\":179.9,\"lat\":-10}",
          "{\"lon\":-180,\"lat\":-10}",
          "{\"lon\":190,\"lat\":5}",
          "{\"lon\":0,\"lat\":90}",
          "{}",
          "[]",
          "[[1]]");

  /** A vector that some points have; most have the unnamed one. */
  static final String OTHER_VECTOR = "other";

  private final Random random;

  RandomPayloads(Random random) {
    this.random = random;
  }

  FieldIndex index() {
    return placed(declared());
  }

  /** The same in memory or on disk. */
  FieldIndex placed(FieldIndex index) {
    Boolean isOnDisk = random.nextBoolean() ? null : Boolean.TRUE;
    return new FieldIndex(
        index.type(),
        index.isBare() && isOnDisk == null,
        isOnDisk,
        random.nextInt(4) == 0 ? "cached" : null,
        null,
        null,
        null,
        index.lookup(),
        index.range(),
        index.prefix(),
        index.text());
  }

  private FieldIndex declared() {
    Type type = Type.values()[random.nextInt(Type.values().length)];
    if (type == Type.TEXT) {
      return new FieldIndex(
          type, false, null, null, null, null, null, null, null, null, textSettings());
    }
    if (type == Type.INTEGER && random.nextBoolean()) {
      boolean isLookup = random.nextBoolean();
      return new FieldIndex(
          type, false, null, null, null, null, null, isLookup, !isLookup, null, null);
    }
    return FieldIndex.of(type);
  }

  private TextSettings textSettings() {
    TextSettings.Tokenizer[] all = TextSettings.Tokenizer.values();
    return new TextSettings(
        all[random.nextInt(all.length)],
        random.nextBoolean() ? null : 1 + random.nextInt(3),
        random.nextInt(3) > 0 ? null : 3 + random.nextInt(4),
        random.nextBoolean() ? null : false,
        random.nextBoolean() ? null : random.nextBoolean(),
        random.nextBoolean(),
        stopWords(),
        random.nextBoolean() ? null : random.nextBoolean() ? "english" : TextSettings.NO_STEMMER);
  }

  private TextSettings.@Nullable StopWords stopWords() {
    return switch (random.nextInt(4)) {
      case 0 -> new TextSettings.StopWords(true, List.of("english"), List.of());
      case 1 -> new TextSettings.StopWords(false, List.of(), List.of("red", "Fox"));
      default -> null;
    };
  }

  Payload payload() {
    List<String> members = new ArrayList<>();
    for (String key : List.of("a", "b", "c")) {
      if (random.nextInt(4) > 0) {
        members.add("\"" + key + "\":" + value());
      }
    }
    if (random.nextInt(3) > 0) {
      String elements =
          IntStream.range(0, random.nextInt(4))
              .mapToObj(i -> "{\"k\":" + value() + ",\"x\":" + value() + "}")
              .collect(Collectors.joining(","));
      members.add("\"n\":[" + elements + "]");
    }
    if (random.nextInt(3) > 0) {
      members.add("\"o\":{\"p\":" + value() + "}");
    }
    return new Payload(("{" + String.join(",", members) + "}").getBytes(StandardCharsets.UTF_8));
  }

  private String value() {
    if (random.nextInt(4) > 0) {
      return scalar();
    }
    return IntStream.range(0, random.nextInt(4))
        .mapToObj(i -> scalar())
        .collect(Collectors.joining(",", "[", "]"));
  }

  private String scalar() {
    return SCALARS.get(random.nextInt(SCALARS.size()));
  }

  Filter filter(int depth) {
    return new Filter(
        conditions(depth, 2),
        random.nextInt(3) == 0 ? conditions(depth, 3) : null,
        random.nextInt(3) == 0 ? conditions(depth, 2) : List.of(),
        random.nextInt(5) == 0
            ? new Filter.MinShould(conditions(depth, 4), 1 + random.nextInt(3))
            : null);
  }

  private List<Condition> conditions(int depth, int most) {
    return IntStream.rangeClosed(0, random.nextInt(most + 1) - 1)
        .mapToObj(i -> condition(depth))
        .toList();
  }

  private KeyPath key() {
    return KeyPath.parse(FIELDS.get(random.nextInt(FIELDS.size())));
  }

  private Condition condition(int depth) {
    if (random.nextInt(12) == 0) {
      return new Condition.HasVector(random.nextInt(4) == 0 ? OTHER_VECTOR : "");
    }
    return switch (random.nextInt(depth > 0 ? 12 : 9)) {
      case 0 -> new Condition.IsEmpty(key());
      case 1 -> new Condition.IsNull(key());
      case 2 ->
          new Condition.HasId(
              Set.of(PointId.of(random.nextInt(30)), PointId.of(100 + random.nextInt(30))));
      case 9 -> new Condition.Sub(filter(depth - 1));
      case 10, 11 -> new Condition.Nested(KeyPath.parse("n"), nested());
      default ->
          new Condition.Field(
              key(),
              random.nextInt(5) == 0 ? List.of(predicate(), predicate()) : List.of(predicate()));
    };
  }

  /** On elements, whose members are k and x. */
  private Filter nested() {
    List<Condition> conditions = new ArrayList<>();
    for (String key : List.of("k", "x")) {
      if (random.nextBoolean()) {
        conditions.add(new Condition.Field(KeyPath.parse(key), List.of(predicate())));
      }
    }
    return switch (random.nextInt(4)) {
      case 0 -> new Filter(List.of(), conditions, List.of(), null);
      case 1 -> new Filter(List.of(), null, conditions, null);
      default -> new Filter(conditions, null, List.of(), null);
    };
  }

  private FieldPredicate predicate() {
    return switch (random.nextInt(13)) {
      case 0 -> new FieldPredicate.Match(matchValue(random.nextInt(3)));
      case 1 -> new FieldPredicate.MatchAny(matchValues());
      case 2 -> new FieldPredicate.MatchExcept(matchValues());
      case 3 -> new FieldPredicate.MatchText(word());
      case 4 -> new FieldPredicate.MatchTextAny(word());
      case 5 -> new FieldPredicate.MatchPhrase(word());
      case 6 -> new FieldPredicate.MatchPrefix(word());
      case 7 -> range();
      case 8 -> datetimes();
      case 9 ->
          new FieldPredicate.ValuesCount(
              null, (long) random.nextInt(3), null, random.nextBoolean() ? 2L : null);
      case 10 -> new FieldPredicate.Empty(random.nextBoolean());
      case 11 -> new FieldPredicate.Null(random.nextBoolean());
      default -> shape();
    };
  }

  private FieldPredicate range() {
    Double from = random.nextInt(4) == 0 ? null : bound();
    Double to = random.nextInt(4) == 0 ? null : bound();
    return random.nextBoolean()
        ? new FieldPredicate.Range(from, null, null, to)
        : new FieldPredicate.Range(null, from, to, null);
  }

  private double bound() {
    double[] bounds = {0, 1, 1.5, 2, -1e301, 9.3e18, 1.6e15, -0.0};
    return bounds[random.nextInt(bounds.length)];
  }

  private FieldPredicate datetimes() {
    Long from = random.nextInt(3) == 0 ? null : micros();
    Long to = random.nextInt(3) == 0 ? null : micros();
    return random.nextBoolean()
        ? new FieldPredicate.DatetimeRange(from, null, null, to)
        : new FieldPredicate.DatetimeRange(null, from, to, null);
  }

  private long micros() {
    return random.nextInt(3) * 1_000_000L * 86_400 * 366 + 1_546_300_800_000_000L;
  }

  private FieldPredicate shape() {
    return switch (random.nextInt(5)) {
      case 4 ->
          new FieldPredicate.GeoPolygon(
              square(-20, 40, 20, 60), List.of(square(-12, 42, -8, 48), square(3, 49, 11, 53)));
      case 0 ->
          new FieldPredicate.GeoRadius(
              new GeoPoint(10, 50), random.nextBoolean() ? 50 + random.nextInt(100) : 2e7);
      case 1 -> new FieldPredicate.GeoBoundingBox(new GeoPoint(170, 60), new GeoPoint(-170, -60));
      case 2 ->
          new FieldPredicate.GeoBoundingBox(
              new GeoPoint(-180, 90), new GeoPoint(random.nextBoolean() ? 180 : 10.0005, -90));
      default -> new FieldPredicate.GeoPolygon(square(-20, 40, 20, 60), List.of());
    };
  }

  private static List<GeoPoint> square(double west, double south, double east, double north) {
    return List.of(
        new GeoPoint(west, south),
        new GeoPoint(east, south),
        new GeoPoint(east, north),
        new GeoPoint(west, north),
        new GeoPoint(west, south));
  }

  private List<MatchValue> matchValues() {
    int kind = random.nextInt(2);
    return IntStream.rangeClosed(0, random.nextInt(3)).mapToObj(i -> matchValue(kind)).toList();
  }

  private MatchValue matchValue(int kind) {
    return switch (kind) {
      case 0 -> new MatchValue.Keyword(word());
      case 1 -> new MatchValue.Whole(random.nextInt(5) == 0 ? Long.MAX_VALUE : random.nextInt(3));
      default -> new MatchValue.Flag(random.nextBoolean());
    };
  }

  private String word() {
    List<String> words =
        List.of(
            "red",
            "Red",
            "fox",
            "red fox",
            "fox red",
            "the red fox",
            "réd",
            "running foxes",
            "foxes are",
            "1",
            "",
            "re",
            "550e8400-e29b-41d4-a716-446655440000",
            "2020-01-01T00:00:00Z");
    return words.get(random.nextInt(words.size()));
  }
}
