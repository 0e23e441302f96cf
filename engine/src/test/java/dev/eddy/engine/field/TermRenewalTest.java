package dev.eddy.engine.field;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.filter.FieldLookup;
import dev.eddy.engine.filter.FieldRules;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.FieldIndex.Type;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.JsonValue.JsonString;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roaringbitmap.RoaringBitmap;

/** A field whose points get ever new terms, against a map. */
final class TermRenewalTest {
  private static final int POINTS = 300;
  private static final int STALE_TERMS_MIN = 1_000;
  private static final CollectionSpec SPEC =
      CollectionSpec.of(Map.of()).withPayloadIndexes(Map.of("k", FieldIndex.of(Type.KEYWORD)));

  @TempDir Path folder;
  private final long seed = Long.getLong("eddy.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Queue<Runnable> background = new ArrayDeque<>();
  private final Map<Integer, String> terms = new TreeMap<>();
  private FieldIndexes indexes;
  private int given;
  private int timesRead;
  private boolean isReadingFailing;

  @BeforeEach
  void open() throws IOException {
    indexes =
        new FieldIndexes(
            background::add,
            () -> 0,
            new IndexFiles(Files.createDirectory(folder.resolve("live")), file -> {}),
            HeapRoom.UNLIMITED,
            STALE_TERMS_MIN);
    indexes.declare(SPEC, FieldRules.of(SPEC), true, Map.of());
    for (int slot = 0; slot < POINTS; slot++) {
      indexes.add(slot, next(slot));
    }
  }

  @AfterEach
  void close() {
    indexes.close();
  }

  private static JsonObject payload(String term) {
    return new JsonObject(Map.of("k", new JsonString(term)));
  }

  private JsonObject next(int slot) {
    String term = "a term that was given as number " + given++;
    terms.put(slot, term);
    return payload(term);
  }

  private void change(int count) {
    for (int i = 0; i < count; i++) {
      int slot = random.nextInt(POINTS);
      JsonObject former = payload(requireNonNull(terms.get(slot)));
      indexes.replace(slot, former, next(slot));
    }
    indexes.freeze(_ -> true).release();
  }

  /** The payloads of the moment in which it was asked for. */
  private StoredPayloads payloads() {
    timesRead++;
    Map<Integer, String> now = new TreeMap<>(terms);
    return new StoredPayloads() {
      @Override
      public void forEach(ObjIntConsumer<Payload> consumer) {
        if (isReadingFailing) {
          throw new IllegalStateException("no payloads");
        }
        now.forEach((slot, term) -> consumer.accept(Payload.of(payload(term)), slot));
      }

      @Override
      public void close() {}
    };
  }

  private void maintain() {
    var _ = indexes.maintain(POINTS, () -> _ -> true, this::payloads);
  }

  /** Gives new terms until a reading is begun for want of old ones that are of use. */
  private void outgrow() {
    for (int i = 0; i < 100 && timesRead == 0; i++) {
      change(400);
      maintain();
    }
    assertThat(timesRead).as("seed %d", seed).isEqualTo(1);
  }

  private void runBackground() {
    while (!background.isEmpty()) {
      background.remove().run();
    }
  }

  private static IndexedField field(FieldIndexes.View view) {
    return requireNonNull(view.at(KeyPath.parse("k").steps()));
  }

  private static Map<Integer, String> facets(FieldIndexes.View view) {
    Map<Integer, String> found = new TreeMap<>();
    field(view)
        .forEachFacet((value, slots) -> {
          slots.forEach((int slot) -> found.put(slot, ((JsonString) value).value()));
          return true;
        });
    return found;
  }

  private void isSame() {
    FieldIndexes.View view = indexes.freeze(_ -> true);
    RoaringBitmap all = RoaringBitmap.bitmapOfRange(0, POINTS);
    Map<String, Integer> slots = new HashMap<>();
    terms.forEach((slot, term) -> slots.put(term, slot));
    assertThat(facets(view)).as("seed %d", seed).isEqualTo(terms);
    for (int i = 0; i < 100; i++) {
      String term = "a term that was given as number " + random.nextInt(given);
      Set<Integer> expected = slots.containsKey(term) ? Set.of(slots.get(term)) : Set.of();
      Set<Integer> found = new HashSet<>();
      field(view)
          .lookup(new FieldLookup.AnyTerm(Set.of(term)), all)
          .sure()
          .forEach((int slot) -> found.add(slot));
      assertThat(found).as("seed %d %s", seed, term).isEqualTo(expected);
    }
    view.release();
  }

  @RepeatedTest(3)
  void termsOfNoPointGo() {
    long mostBytes = 0;
    for (int step = 0; step < 200; step++) {
      change(random.nextInt(200));
      maintain();
      if (random.nextInt(3) == 0) {
        runBackground();
      }
      isSame();
      mostBytes = Math.max(mostBytes, indexes.heapBytes());
    }
    assertThat(given).isGreaterThan(10_000);
    assertThat(timesRead).as("seed %d", seed).isBetween(2, given / STALE_TERMS_MIN);
    assertThat(mostBytes).as("seed %d: bytes, of %d terms", seed, given).isLessThan(30L * given);
    assertThat(indexes.points()).isEqualTo(Map.of("k", (long) POINTS));
  }

  @Test
  void whoReadsTheFormerOnesReadsOn() {
    FieldIndexes.View before = indexes.freeze(_ -> true);
    Map<Integer, String> then = new TreeMap<>(terms);
    outgrow();
    change(100);
    runBackground();
    maintain();
    isSame();
    assertThat(facets(before)).isEqualTo(then);
    before.release();
  }

  @Test
  void aReadingThatFailsChangesNothing() {
    isReadingFailing = true;
    outgrow();
    change(100);
    runBackground();
    maintain();
    assertThat(timesRead).isEqualTo(1);
    assertThat(indexes.problem()).isPresent();
    isSame();
    change(100);
    isSame();
  }

  @Test
  void aChangeOfWhatIsDeclaredEndsIt() {
    outgrow();
    indexes.declare(SPEC, FieldRules.of(SPEC), false, Map.of());
    runBackground();
    change(100);
    maintain();
    isSame();
    runBackground();
    maintain();
    isSame();
  }
}
