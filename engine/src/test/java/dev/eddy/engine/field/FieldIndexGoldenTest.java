package dev.eddy.engine.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.engine.filter.FieldRules;
import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.FieldIndex.Type;
import dev.eddy.model.collection.TextSettings;
import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roaringbitmap.RoaringBitmap;

/**
 * Old files of indexes are read, and written again as they were; and what payloads mean to indexes
 * is still what it was. {@code -Deddy.golden.write} writes.
 */
final class FieldIndexGoldenTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/field-index-v1");
  private static final Path FILE = GOLDEN.resolve("fields-1.index");
  private static final Path INDEXED_TERMS =
      Path.of("src/test/resources/golden/field-index-v2/fields-2.index");
  private static final Path MEANING = GOLDEN.resolve("meaning-1.txt");
  private static final int SLOTS = 100_000;

  @TempDir Path folder;

  /** Keys with few slots, with a bitmap, and slots that are replaced. */
  private static PostingRun run() {
    Pairs pairs = new Pairs();
    pairs.add(Long.MIN_VALUE, 7);
    pairs.add(-1, 3);
    pairs.add(-1, SLOTS - 1);
    for (int i = 0; i < PostingRun.BITMAP_POSTINGS_MIN; i++) {
      pairs.add(5, i * 3);
    }
    pairs.add(Long.MAX_VALUE, 0);
    return PostingRun.of(pairs, RoaringBitmap.bitmapOf(3, 4, 90_000));
  }

  private static final List<String> TERMS = List.of("", "red", "é", "\uD83D\uDE00", "\uD800");

  private static TermDictionary terms() {
    TermDictionary terms = new TermDictionary();
    TERMS.forEach(term -> assertThat(terms.code(term)).isNotNegative());
    return terms;
  }

  private static List<Piece> pieces() {
    TermDictionary terms = terms();
    Pairs newer = new Pairs();
    newer.add(2, 4);
    return List.of(
        new Piece.Runs(List.of(run()), false),
        new Piece.Runs(List.of(run(), PostingRun.of(newer, RoaringBitmap.bitmapOf(4, 7))), true),
        new Piece.Runs(List.of(PostingRun.of(new Pairs(), new RoaringBitmap())), true),
        Piece.Terms.of(terms, 1, 5));
  }

  private static IndexPart golden() throws IOException {
    return golden(FILE);
  }

  private static IndexPart golden(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    String name = String.valueOf(file.getFileName());
    return new IndexPart(name, bytes.length, (int) checksum.getValue());
  }

  @Test
  void termsThatAreReadInPlaceAreTheGoldenOnes() throws IOException {
    Path written = folder.resolve("fields-2.index");
    IndexPart part = PieceFile.writeIndexed(written, terms(), 1, 5);
    if (Boolean.getBoolean("eddy.golden.write")) {
      Files.createDirectories(INDEXED_TERMS.getParent());
      Files.write(INDEXED_TERMS, Files.readAllBytes(written));
    }
    assertThat(written).hasSameBinaryContentAs(INDEXED_TERMS);
    assertThat(part).isEqualTo(golden(INDEXED_TERMS));

    PieceFile.Read onHeap = PieceFile.read(folder, part, SLOTS).getFirst();
    assertThat(((PieceFile.Read.Terms) onHeap).terms().getFirst())
        .isEqualTo("red".getBytes(StandardCharsets.UTF_8));
    PieceFile.Read inPlace = PieceFile.map(folder, part, SLOTS).getFirst();
    MappedTerms mapped = ((PieceFile.Read.TermsInPlace) inPlace).terms();
    for (int code = 1; code < 5; code++) {
      byte[] term = TermBytes.of(TERMS.get(code));
      assertThat(mapped.find(term, TermDictionary.hash(term))).isEqualTo(code);
      assertThat(mapped.term(code)).isEqualTo(term);
    }
    byte[] none = TermBytes.of("");
    assertThat(mapped.find(none, TermDictionary.hash(none))).isEqualTo(TermDictionary.NONE);
    mapped.piece().release();
    assertThat(mapped.piece().isMapped()).isFalse();
    assertThat(written).doesNotExist();
  }

  @Test
  void theBytesAreTheGoldenOnes() throws IOException {
    Path written = folder.resolve("fields-1.index");
    IndexPart part = PieceFile.write(written, pieces(), slot -> slot != 0);
    if (Boolean.getBoolean("eddy.golden.write")) {
      Files.createDirectories(GOLDEN);
      Files.write(FILE, Files.readAllBytes(written));
    }
    assertThat(written).hasSameBinaryContentAs(FILE);
    assertThat(part).isEqualTo(golden());
  }

  @Test
  void theGoldenBytesAreRead() throws IOException {
    List<PieceFile.Read> pieces = PieceFile.read(GOLDEN, golden(), SLOTS);
    assertThat(pieces).hasSize(4);
    PostingRun first = ((PieceFile.Read.Run) pieces.getFirst()).run();
    assertThat(first.keyCount()).isEqualTo(4);
    assertThat(first.key(2)).isEqualTo(5);
    assertThat(first.slotsOf(2)).isEqualTo(run().slotsOf(2));
    assertThat(first.slotsOf(1)).containsExactly(3, SLOTS - 1);
    assertThat(first.replaced().toArray()).containsExactly(3, 4, 90_000);
    PostingRun merged = ((PieceFile.Read.Run) pieces.get(1)).run();
    assertThat(merged.replaced().isEmpty()).isTrue();
    assertThat(merged.key(0)).as("slot 7 was replaced, slot 0 is dead").isEqualTo(-1);
    assertThat(merged.keyCount()).isEqualTo(3);
    PieceFile.Read.Terms terms = (PieceFile.Read.Terms) pieces.getLast();
    assertThat(terms.from()).isEqualTo(1);
    assertThat(new String(terms.terms().getFirst(), StandardCharsets.UTF_8)).isEqualTo("red");
  }

  @Test
  void aSlotThatIsNoneIsNamed() throws IOException {
    IndexPart part = golden();
    assertThatThrownBy(() -> PieceFile.read(GOLDEN, part, SLOTS - 1))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("slots below");
  }

  /**
   * When this fails, {@link FieldIndexManifest#MEANING} gets a new number and this a new golden
   * file: stored indexes say what payloads no longer mean.
   */
  @Test
  void theMeaningIsTheGoldenOne() throws IOException {
    List<String> lines = new ArrayList<>();
    for (Type type : Type.values()) {
      FieldIndex declared = type == Type.TEXT ? text() : FieldIndex.of(type);
      CollectionSpec spec = CollectionSpec.of(Map.of()).withPayloadIndexes(Map.of("a", declared));
      FieldReader reader = new FieldReader(FieldRules.of(spec).elements("a"));
      TermDictionary terms = reader.terms();
      for (String value : VALUES) {
        Map<String, List<String>> found = new TreeMap<>();
        reader.read(
            (JsonObject)
                JsonCodec.parse(("{\"a\":" + value + "}").getBytes(StandardCharsets.UTF_8)),
            key ->
                found
                    .computeIfAbsent("values", _ -> new ArrayList<>())
                    .add(terms == null ? String.valueOf(key) : terms.term((int) key)),
            key -> found.computeIfAbsent("facts", _ -> new ArrayList<>()).add(String.valueOf(key)));
        lines.add(type + " " + value + " " + found);
      }
    }
    String text = String.join("\n", lines) + "\n";
    if (Boolean.getBoolean("eddy.golden.write")) {
      Files.createDirectories(GOLDEN);
      Files.writeString(MEANING, text);
    }
    assertThat(text).isEqualTo(Files.readString(MEANING));
    assertThat(FieldIndexManifest.MEANING).startsWith("1 ");
  }

  private static FieldIndex text() {
    return new FieldIndex(
        Type.TEXT,
        false,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        new TextSettings(
            TextSettings.Tokenizer.WORD,
            null,
            null,
            null,
            true,
            true,
            new TextSettings.StopWords(false, List.of("english"), List.of()),
            "english"));
  }

  private static final List<String> VALUES =
      List.of(
          "null",
          "[]",
          "[null,1]",
          "{}",
          "true",
          "-0.0",
          "1",
          "1.5",
          "9223372036854775808",
          "\"Red\"",
          "\"The running foxes would jump, naïve Straße ΌΣΟΣ 東京都 don't\"",
          "[\"2020-01-01T00:00:00Z\",\"2021-06-01\",\"2020-02-30\"]",
          "\"550E8400E29B41D4A716446655440000\"",
          "{\"lon\":10,\"lat\":50}",
          "[{\"lon\":190,\"lat\":5},{\"lon\":-180,\"lat\":-90}]");
}
