package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.engine.points.IdMap;
import dev.eddy.engine.points.PointHash;
import dev.eddy.engine.points.SlotTable;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.HnswDiff;
import dev.eddy.model.collection.Quantization;
import dev.eddy.model.collection.SparseVectorParams;
import dev.eddy.model.collection.StrictMode;
import dev.eddy.model.collection.TextSettings;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.JsonValue.JsonString;
import dev.eddy.model.point.PointId;
import dev.eddy.model.update.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Old state files, shapes and content hashes stay what they were. {@code -Deddy.golden.write}
 * writes.
 */
final class StateGoldenTest {
  private static final Path STATE = Path.of("src/test/resources/golden/shard-state-v1/state");
  private static final Path SHAPE = Path.of("src/test/resources/golden/shard-shape-v1/shape.json");
  private static final Path DECLARED =
      Path.of("src/test/resources/golden/shard-shape-v1/declared.json");
  private static final Path FORMS = Path.of("src/test/resources/golden/shard-shape-v1/forms.json");
  private static final Path QUANTIZED =
      Path.of("src/test/resources/golden/shard-shape-v1/quantized.json");

  @TempDir Path folder;

  private static StateFile.Image image() {
    SlotTable slots = new SlotTable();
    slots.place(PointId.of(1), 10, 100, 1_000);
    slots.place(PointId.of(-1), 11, 101, 1_001);
    slots.place(PointId.of(new UUID(3, -4)), 12, 102, 0);
    slots.place(PointId.of(1), 13, 103, 1_003);
    slots.delete(slots.slotOf(PointId.of(-1)));
    return new StateFile.Image(
        slots.image(),
        slots.contentHash().first(),
        slots.contentHash().second(),
        new InboxTable.Image(Map.of(new InboxTable.Source(new UUID(8, 9), 2), 77L), 5, 6),
        new VerdictRing.Image(
            9, List.of(new VerdictRing.Entry(12, new Verdict.Rejected(ErrorCode.NOT_FOUND, "ü")))));
  }

  @Test
  void theStateFileIsTheGoldenOne() throws IOException {
    Path written = folder.resolve("state");
    StateFile.write(written, image());
    if (Boolean.getBoolean("eddy.golden.write")) {
      Files.createDirectories(STATE.getParent());
      Files.write(STATE, Files.readAllBytes(written));
    }
    assertThat(Files.readAllBytes(written)).isEqualTo(Files.readAllBytes(STATE));
  }

  @Test
  void theGoldenStateFileIsRead() throws IOException {
    StateFile.Restored restored = StateFile.read(STATE, Files.size(STATE));
    StateFile.Image image = image();
    assertThat(restored.inbox()).isEqualTo(image.inbox());
    assertThat(restored.verdicts()).isEqualTo(image.verdicts());
    SlotTable slots = restored.slots();
    assertThat(slots.slots()).isEqualTo(4);
    assertThat(slots.points()).isEqualTo(2);
    assertThat(slots.slotOf(PointId.of(1))).isEqualTo(3);
    assertThat(slots.slotOf(PointId.of(-1))).isEqualTo(IdMap.NONE);
    assertThat(slots.versionOf(2)).isEqualTo(12);
    assertThat(slots.contentHash().hex()).isEqualTo("97023aabd16d4919ce0aa6ed089693ef");
  }

  @Test
  void aCutStateFileIsNoticed() throws IOException {
    byte[] bytes = Files.readAllBytes(STATE);
    for (int length : new int[] {0, 15, 40, bytes.length - 1}) {
      Path cut = folder.resolve("cut-" + length);
      Files.write(cut, Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> StateFile.read(cut, length))
          .isInstanceOf(CorruptFileException.class);
    }
  }

  @Test
  void hashesOfPartsAreFrozen() {
    assertThat(PointHash.payload("{\"a\":1,\"b\":[2]}".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(-3982995271226393231L);
    assertThat(PointHash.vector(PointHash.name("text"), new float[] {1, -0f, 2.5f}))
        .isEqualTo(-7449191191741931018L);
    assertThat(PointHash.sparse(PointHash.name("terms"), new int[] {3, -1}, new float[] {1, 2.5f}))
        .isEqualTo(-2651790807542272019L);
    assertThat(PointHash.multi(PointHash.name("rows"), 2, new float[] {1, -0f, 2.5f, 4}))
        .isEqualTo(-1026952502449795997L);
  }

  private static Shape shape() {
    HnswDiff diff = new HnswDiff(8, null, null, null, null, null, null, null);
    VectorParams own = new VectorParams(4, Distance.COSINE, diff, true, "cold", null);
    CollectionSpec plain =
        CollectionSpec.of(Map.of("", VectorParams.of(2, Distance.DOT), "text", own));
    return new Shape(
        "things",
        42,
        new CollectionSpec(
            plain.vectors(),
            2,
            3,
            1,
            7,
            null,
            true,
            null,
            plain.hnsw(),
            plain.optimizers(),
            plain.wal(),
            new JsonObject(Map.of("k", new JsonString("v")))));
  }

  @Test
  void theShapeIsTheGoldenOne() throws IOException {
    byte[] bytes = JsonCodec.write(Shape.json(shape()));
    if (Boolean.getBoolean("eddy.golden.write")) {
      Files.createDirectories(SHAPE.getParent());
      Files.write(SHAPE, bytes);
    }
    assertThat(bytes).asString().isEqualTo(Files.readString(SHAPE));
    assertThat(Shape.of((JsonObject) JsonCodec.parse(Files.readAllBytes(SHAPE))))
        .isEqualTo(shape());
    assertThat(Shape.of(Shape.json(null))).isNull();
  }

  @Test
  void theShapeOfEveryFormIsTheGoldenOne() throws IOException {
    CollectionSpec spec =
        CollectionSpec.of(Map.of("rows", VectorParams.multi(2, Distance.DOT)))
            .withSparseVectors(
                Map.of(
                    "bare",
                    SparseVectorParams.DEFAULT,
                    "terms",
                    new SparseVectorParams(
                        new SparseVectorParams.Index(5_000L, true, "pinned", "float16"),
                        SparseVectorParams.Modifier.IDF)));
    Shape shape = new Shape("things", 43, spec);
    byte[] bytes = JsonCodec.write(Shape.json(shape));
    if (Boolean.getBoolean("eddy.golden.write")) {
      Files.write(FORMS, bytes);
    }
    assertThat(bytes).asString().isEqualTo(Files.readString(FORMS));
    assertThat(Shape.of((JsonObject) JsonCodec.parse(Files.readAllBytes(FORMS)))).isEqualTo(shape);
  }

  private static VectorParams quantized(Quantization quantization) {
    return new VectorParams(2, Distance.DOT, null, null, null, null, null, quantization);
  }

  @Test
  void theShapeOfEveryQuantizationIsTheGoldenOne() throws IOException {
    CollectionSpec spec =
        CollectionSpec.of(
                Map.of(
                    "scalar",
                    quantized(new Quantization.Scalar(0.99f, true, null)),
                    "product",
                    quantized(
                        new Quantization.Product(Quantization.Compression.X16, null, "pinned")),
                    "binary",
                    quantized(
                        new Quantization.Binary(
                            Quantization.Encoding.ONE_AND_HALF_BITS,
                            Quantization.QueryEncoding.SCALAR_8_BITS,
                            false,
                            "cold")),
                    "turbo",
                    quantized(new Quantization.Turbo(Quantization.Bits.ONE, null, null))))
            .withQuantization(new Quantization.Scalar(null, null, null));
    Shape shape = new Shape("things", 44, spec);
    byte[] bytes = JsonCodec.write(Shape.json(shape));
    if (Boolean.getBoolean("eddy.golden.write")) {
      Files.write(QUANTIZED, bytes);
    }
    assertThat(bytes).asString().isEqualTo(Files.readString(QUANTIZED));
    assertThat(Shape.of((JsonObject) JsonCodec.parse(Files.readAllBytes(QUANTIZED))))
        .isEqualTo(shape);
  }

  @Test
  void theDeclaredShapeIsTheGoldenOne() throws IOException {
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
    CollectionSpec spec =
        CollectionSpec.of(Map.of())
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
                    "u",
                    FieldIndex.of(FieldIndex.Type.UUID)))
            .withStrictMode(
                new StrictMode(
                    true,
                    1,
                    2,
                    false,
                    true,
                    3,
                    false,
                    1.5,
                    4L,
                    5L,
                    6L,
                    7L,
                    8L,
                    9,
                    10,
                    11L,
                    12L,
                    Map.of("v", new StrictMode.Bound(9L)),
                    Map.of(),
                    13L,
                    14));
    Shape shape = new Shape("things", 42, spec);
    byte[] bytes = JsonCodec.write(Shape.json(shape));
    if (Boolean.getBoolean("eddy.golden.write")) {
      Files.createDirectories(DECLARED.getParent());
      Files.write(DECLARED, bytes);
    }
    assertThat(bytes).asString().isEqualTo(Files.readString(DECLARED));
    assertThat(Shape.of((JsonObject) JsonCodec.parse(Files.readAllBytes(DECLARED))))
        .isEqualTo(shape);
  }
}
