package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.engine.field.FieldIndexManifest;
import dev.eddy.engine.field.FieldIndexManifest.Place;
import dev.eddy.engine.field.FieldIndexManifest.StoredField;
import dev.eddy.engine.field.IndexPart;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.FieldIndex.Type;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.FieldPredicate.MatchValue;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restart takes field indexes from the checkpoint, and makes again what is not there. */
final class StoredIndexesTest {
  private static final ShardId SHARD = new ShardId(new UUID(7, 9), 3, 0);
  private static final UUID TOPIC = new UUID(5, 6);
  private static final Map<String, FieldIndex> DECLARED =
      Map.of("n", FieldIndex.of(Type.INTEGER), "k", FieldIndex.of(Type.KEYWORD));
  private static final Path GOLDEN =
      Path.of("src/test/resources/golden/checkpoint-manifest-v1/field-indexes.json");
  private static EngineResources resources;

  @TempDir Path folder;
  private long offset;
  private long meta = 1;

  @BeforeAll
  static void openResources() {
    resources = new EngineResources(1, 32 << 20, 16 << 20);
  }

  @AfterAll
  static void closeResources() {
    resources.close();
  }

  private Shard open() throws IOException {
    return Shard.open(SHARD, TOPIC, folder, resources, ShardSettings.DEFAULT);
  }

  private static CollectionSpec spec(Map<String, FieldIndex> declared) {
    return CollectionSpec.of(Map.of("", VectorParams.of(2, Distance.DOT)))
        .withPayloadIndexes(declared);
  }

  private void apply(Shard shard, Update update) {
    var _ = shard.apply(offset++, update);
    shard.publish();
  }

  private void configure(Shard shard, Map<String, FieldIndex> declared) {
    apply(shard, new Update.Configure(spec(declared), ++meta));
  }

  private void upsert(Shard shard, int id, String json) {
    apply(
        shard,
        new Update.Upsert(
            List.of(
                new Point(
                    PointId.of(id),
                    Vectors.unnamed(1, 2),
                    new Payload(json.getBytes(StandardCharsets.UTF_8))))));
  }

  /** A shard of a hundred points; id i has n = i % 10 and k = "w" + i % 3. */
  private Shard filled(Map<String, FieldIndex> declared) throws IOException {
    Shard shard = open();
    apply(shard, new Update.Genesis(SHARD.collectionId(), "c", 3, 0, spec(declared), meta));
    for (int id = 0; id < 100; id++) {
      upsert(shard, id, "{\"n\":%d,\"k\":\"w%d\"}".formatted(id % 10, id % 3));
    }
    return shard;
  }

  private static void settle(Shard shard) {
    while (shard.maintain()) {
      Thread.onSpinWait();
    }
  }

  private static long count(Shard shard, String field, MatchValue value) {
    try (ShardLease lease = shard.lease()) {
      return lease.count(
          Filter.must(
              new Condition.Field(KeyPath.parse(field), List.of(new FieldPredicate.Match(value)))));
    }
  }

  private static void sameCounts(Shard shard) {
    assertThat(count(shard, "n", new MatchValue.Whole(3))).isEqualTo(10);
    assertThat(count(shard, "k", new MatchValue.Keyword("w0"))).isEqualTo(34);
  }

  private Path newest() throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve("checkpoints"))) {
      return all.sorted().toList().getLast();
    }
  }

  private Path indexFile() throws IOException {
    try (Stream<Path> all = Files.list(newest().resolve("indexes"))) {
      return all.filter(file -> file.toString().endsWith(".index")).findFirst().orElseThrow();
    }
  }

  @Test
  void aRestartReadsNoPayload() throws IOException {
    try (Shard shard = filled(DECLARED)) {
      var _ = shard.checkpoint();
    }
    try (Shard shard = open()) {
      settle(shard);
      sameCounts(shard);
      assertThat(shard.payloadsRead()).isZero();
      // In place, and into a new slot.
      apply(
          shard,
          new Update.SetPayload(
              new PointSelection.Ids(List.of(PointId.of(3))),
              new Payload("{\"n\":77}".getBytes(StandardCharsets.UTF_8)),
              null));
      upsert(shard, 13, "{\"n\":77,\"k\":\"new\"}");
      assertThat(count(shard, "n", new MatchValue.Whole(3))).isEqualTo(8);
      var _ = shard.checkpoint();
    }
    try (Shard shard = open()) {
      settle(shard);
      assertThat(count(shard, "n", new MatchValue.Whole(3))).isEqualTo(8);
      assertThat(count(shard, "n", new MatchValue.Whole(77))).isEqualTo(2);
      assertThat(count(shard, "k", new MatchValue.Keyword("new"))).isEqualTo(1);
      assertThat(shard.payloadsRead()).isZero();
    }
  }

  @Test
  void aDamagedFileCostsTheIndexAlone() throws IOException {
    try (Shard shard = filled(DECLARED)) {
      var _ = shard.checkpoint();
    }
    Path checkpoint = newest();
    Path damaged = indexFile();
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[bytes.length / 2] ^= 16;
    Files.write(damaged, bytes);
    try (Shard shard = open()) {
      assertThat(shard.position()).isEqualTo(offset);
      sameCounts(shard);
      settle(shard);
      sameCounts(shard);
      assertThat(shard.payloadsRead()).isEqualTo(100);
      assertThat(newest()).isEqualTo(checkpoint);
      assertThat(damaged).doesNotExist();
      assertThat(damaged.resolveSibling(damaged.getFileName() + ".corrupt")).exists();
      assertThat(shard.hasUnsavedWork(false)).as("what was read again").isTrue();
      var _ = shard.checkpoint();
      assertThat(shard.hasUnsavedWork(false)).isFalse();
    }
    try (Shard shard = open()) {
      settle(shard);
      sameCounts(shard);
      assertThat(shard.payloadsRead()).isZero();
    }
  }

  @Test
  void aMissingFileIsReadAgain() throws IOException {
    try (Shard shard = filled(DECLARED)) {
      var _ = shard.checkpoint();
    }
    Files.delete(indexFile());
    try (Shard shard = open()) {
      settle(shard);
      assertThat(shard.position()).isEqualTo(offset);
      assertThat(shard.payloadsRead()).isEqualTo(100);
      sameCounts(shard);
    }
  }

  @Test
  void aCheckpointOfBeforeIsReadAsBefore() throws IOException {
    try (Shard shard = filled(DECLARED)) {
      var _ = shard.checkpoint();
    }
    change(newest().resolve("manifest"), null);
    Files.delete(indexFile());
    Files.delete(newest().resolve("indexes"));
    try (Shard shard = open()) {
      assertThat(shard.position()).isEqualTo(offset);
      assertThat(shard.stats().fieldPoints()).isEqualTo(Map.of("n", 100L, "k", 100L));
      settle(shard);
      assertThat(shard.payloadsRead()).isEqualTo(100);
      sameCounts(shard);
    }
  }

  @Test
  void aLaterFormatCostsTheIndexAlone() throws IOException {
    try (Shard shard = filled(DECLARED)) {
      var _ = shard.checkpoint();
    }
    change(newest().resolve("manifest"), new JsonObject(Map.of("format", new JsonLong(2))));
    try (Shard shard = open()) {
      settle(shard);
      assertThat(shard.position()).isEqualTo(offset);
      assertThat(shard.payloadsRead()).isEqualTo(100);
      sameCounts(shard);
    }
  }

  /** Puts something in the place of what a manifest says of indexes, with a right checksum. */
  private static void change(Path manifest, @Nullable JsonObject indexes) throws IOException {
    byte[] bytes = Files.readAllBytes(manifest);
    int head = "eddy-checkpoint 1 ".length() + 9;
    JsonObject json = (JsonObject) JsonCodec.parse(Arrays.copyOfRange(bytes, head, bytes.length));
    Map<String, JsonValue> members = new LinkedHashMap<>(json.members());
    assertThat(members.remove("field_indexes")).isNotNull();
    if (indexes != null) {
      members.put("field_indexes", indexes);
    }
    byte[] body = JsonCodec.write(new JsonObject(members));
    CRC32C checksum = new CRC32C();
    checksum.update(body);
    String line =
        "eddy-checkpoint 1 " + HexFormat.of().toHexDigits((int) checksum.getValue()) + "\n";
    Files.writeString(manifest, line + new String(body, StandardCharsets.UTF_8));
  }

  @Test
  void aFieldThatIsNotReadYetIsReadAfterTheRestart() throws IOException {
    try (Shard shard = filled(Map.of())) {
      configure(shard, Map.of("n", FieldIndex.of(Type.INTEGER)));
      // Nothing was maintained, so nothing was read.
      var _ = shard.checkpoint();
    }
    try (Shard shard = open()) {
      settle(shard);
      assertThat(shard.payloadsRead()).isEqualTo(100);
      assertThat(count(shard, "n", new MatchValue.Whole(3))).isEqualTo(10);
      configure(shard, DECLARED);
      settle(shard);
      assertThat(shard.payloadsRead()).as("for the new field").isEqualTo(200);
      var _ = shard.checkpoint();
    }
    try (Shard shard = open()) {
      settle(shard);
      sameCounts(shard);
      assertThat(shard.payloadsRead()).isZero();
    }
  }

  @Test
  void aFieldOfAnotherDeclarationIsNotTakenOver() throws IOException {
    ShardCheckpoint begun;
    Shard shard = filled(DECLARED);
    begun = shard.beginCheckpoint(false);
    long begunAt = offset;
    configure(shard, Map.of("n", FieldIndex.of(Type.KEYWORD), "k", FieldIndex.of(Type.KEYWORD)));
    settle(shard);
    try (begun) {
      var _ = begun.write();
    }
    shard.close();
    try (Shard restarted = open()) {
      assertThat(restarted.position()).as("the log goes on from here").isEqualTo(begunAt);
      sameCounts(restarted);
      offset = begunAt;
      configure(
          restarted, Map.of("n", FieldIndex.of(Type.KEYWORD), "k", FieldIndex.of(Type.KEYWORD)));
      settle(restarted);
      assertThat(restarted.payloadsRead()).as("for n").isEqualTo(100);
      assertThat(count(restarted, "k", new MatchValue.Keyword("w0"))).isEqualTo(34);
      assertThat(count(restarted, "n", new MatchValue.Keyword("3"))).isZero();
      var _ = restarted.checkpoint();
      // Dropped, declared again, and stored as what it is now.
      configure(restarted, Map.of("k", FieldIndex.of(Type.KEYWORD)));
      configure(restarted, DECLARED);
      settle(restarted);
      var _ = restarted.checkpoint();
    }
    try (Shard restarted = open()) {
      settle(restarted);
      sameCounts(restarted);
      assertThat(restarted.payloadsRead()).isZero();
    }
  }

  @Test
  void theManifestIsTheGoldenOne() throws IOException {
    FieldIndexManifest manifest =
        new FieldIndexManifest(
            "1 java 25",
            12,
            List.of(
                new IndexPart("fields-3.index", 100, -2), new IndexPart("fields-11.index", 7, 1)),
            Map.of(
                "k",
                new StoredField(
                    FieldIndex.of(Type.KEYWORD),
                    List.of(new Place(0, 0), new Place(1, 0)),
                    List.of(new Place(1, 1)),
                    List.of(new Place(1, 2)))));
    byte[] bytes = JsonCodec.write(StoredIndexesJson.write(manifest));
    if (Boolean.getBoolean("eddy.golden.write")) {
      Files.write(GOLDEN, bytes);
    }
    assertThat(bytes).asString().isEqualTo(Files.readString(GOLDEN));
    JsonObject golden = (JsonObject) JsonCodec.parse(Files.readAllBytes(GOLDEN));
    assertThat(StoredIndexesJson.read(golden)).isEqualTo(manifest);
    for (String name : golden.members().keySet()) {
      Map<String, JsonValue> members = new LinkedHashMap<>(golden.members());
      members.remove(name);
      assertThatThrownBy(() -> StoredIndexesJson.read(new JsonObject(members)))
          .as(name)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
