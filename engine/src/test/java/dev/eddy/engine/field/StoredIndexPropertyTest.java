package dev.eddy.engine.field;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.engine.filter.FieldLookup;
import dev.eddy.engine.filter.FieldRules;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.FieldIndex.Type;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonArray;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.JsonValue.JsonString;
import dev.eddy.model.json.KeyPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roaringbitmap.RoaringBitmap;

/**
 * Indexes that are large enough for files of their own say the same when they are restored, and
 * files are written once.
 */
final class StoredIndexPropertyTest {
  private static final CollectionSpec SPEC = spec("pinned");
  private static final CollectionSpec ON_DISK = spec("cold");

  private static CollectionSpec spec(String memory) {
    return CollectionSpec.of(Map.of())
        .withPayloadIndexes(
            Map.of("n", index(Type.INTEGER, memory), "k", index(Type.KEYWORD, memory)));
  }

  private static FieldIndex index(Type type, String memory) {
    return new FieldIndex(type, false, null, memory, null, null, null, null, null, null, null);
  }

  private static final Map<String, Long> POINTS = Map.of("n", 1L, "k", 1L);

  @TempDir Path folder;
  private final long seed = Long.getLong("eddy.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Queue<Runnable> background = new ArrayDeque<>();
  private final BitSet live = new BitSet();
  private CollectionSpec spec = SPEC;
  private long mappedBytesMin = IndexFiles.MAPPED_BYTES_MIN;
  private int slots;
  private int lives;
  private int checkpoints;

  private FieldIndexes indexes() throws IOException {
    Path files = Files.createDirectory(folder.resolve("live-" + lives++));
    return new FieldIndexes(
        background::add,
        () -> 0,
        new IndexFiles(files, file -> {}, mappedBytesMin),
        HeapRoom.UNLIMITED);
  }

  private FieldIndexes declared() throws IOException {
    FieldIndexes indexes = indexes();
    indexes.declare(spec, FieldRules.of(spec), true, Map.of());
    return indexes;
  }

  private FieldIndexes restored(FieldIndexManifest manifest, Path checkpoint) throws IOException {
    FieldIndexes indexes = indexes();
    int fields =
        indexes.restore(
            manifest,
            checkpoint,
            spec,
            POINTS,
            slots,
            (file, reason) -> {
              throw new AssertionError("seed " + seed, reason);
            });
    assertThat(fields).isEqualTo(2);
    indexes.declare(spec, FieldRules.of(spec), false, Map.of());
    assertThat(indexes.isBusy()).isFalse();
    return indexes;
  }

  private JsonObject payload() {
    Map<String, JsonValue> members = new HashMap<>();
    if (random.nextInt(8) > 0) {
      members.put("n", number());
    }
    if (random.nextInt(8) > 0) {
      members.put(
          "k",
          new JsonArray(
              List.of(
                  new JsonString("w" + random.nextInt(3)),
                  new JsonString("term " + random.nextInt(200_000)))));
    }
    return new JsonObject(members);
  }

  private JsonValue number() {
    // A few values that many have, so that there are bitmaps, and many that few have.
    return new JsonLong(random.nextBoolean() ? random.nextInt(3) : random.nextInt(1_000_000));
  }

  private void change(FieldIndexes indexes, int count) {
    for (int i = 0; i < count; i++) {
      int slot = slots == 0 ? 0 : random.nextInt(slots);
      switch (random.nextInt(10)) {
        case 0 -> live.clear(slot);
        case 1 -> {
          if (live.get(slot)) {
            indexes.replace(slot, JsonObject.EMPTY, payload());
          }
        }
        default -> {
          live.set(slots);
          indexes.add(slots++, payload());
        }
      }
      if (random.nextInt(500) == 0) {
        indexes.freeze(live::get).release();
      }
    }
  }

  private void maintain(FieldIndexes indexes) {
    BitSet now = (BitSet) live.clone();
    var _ =
        indexes.maintain(
            now.cardinality(),
            () -> now::get,
            () -> {
              throw new AssertionError("seed %d: payloads are read".formatted(seed));
            });
    if (!background.isEmpty() && random.nextBoolean()) {
      background.remove().run();
    }
  }

  /** Ends all merges that are due. */
  private void settle(FieldIndexes indexes) {
    indexes.freeze(live::get).release();
    do {
      maintain(indexes);
    } while (indexes.isBusy() || !background.isEmpty());
    indexes.freeze(live::get).release();
  }

  private record Checkpoint(FieldIndexManifest manifest, Path folder) {}

  private Checkpoint checkpoint(FieldIndexes indexes, int changesMeanwhile) throws IOException {
    BitSet now = (BitSet) live.clone();
    try (FieldIndexCheckpoint begun = indexes.beginCheckpoint(now::get)) {
      change(indexes, changesMeanwhile);
      Path checkpoint = Files.createDirectory(folder.resolve("checkpoint-" + checkpoints++));
      return new Checkpoint(begun.writeTo(checkpoint), checkpoint);
    }
  }

  @RepeatedTest(4)
  void whatIsRestoredSaysTheSame() throws IOException {
    FieldIndexes indexes = declared();
    for (int life = 0; life < 4; life++) {
      // Where it is changes while it serves, and with a restart.
      spec = random.nextBoolean() ? SPEC : ON_DISK;
      mappedBytesMin = random.nextBoolean() ? IndexFiles.MAPPED_BYTES_MIN : 10_000;
      if (random.nextBoolean()) {
        indexes.declare(spec, FieldRules.of(spec), false, Map.of());
      }
      for (int step = 0; step < 5; step++) {
        change(indexes, random.nextInt(12_000));
        maintain(indexes);
        if (random.nextBoolean()) {
          var _ = checkpoint(indexes, random.nextInt(1_000));
        }
      }
      Checkpoint last = checkpoint(indexes, 0);
      assertThat(last.manifest().files().size()).as("seed %d", seed).isBetween(1, 60);
      FieldIndexes restored = restored(last.manifest(), last.folder());
      sameAnswers(indexes, restored);
      background.clear();
      indexes.close();
      indexes = restored;
    }
  }

  private void sameAnswers(FieldIndexes one, FieldIndexes other) {
    FieldIndexes.View expected = one.freeze(live::get);
    FieldIndexes.View found = other.freeze(live::get);
    for (String name : SPEC.payloadIndexes().keySet()) {
      IndexedField before = requireNonNull(expected.at(KeyPath.parse(name).steps()));
      IndexedField after = requireNonNull(found.at(KeyPath.parse(name).steps()));
      for (int i = 0; i < 50; i++) {
        sameSlots(before, after, new FieldLookup.AnyTerm(Set.of("w" + i)), name.equals("k"));
        sameSlots(
            before,
            after,
            new FieldLookup.AnyTerm(Set.of("term " + random.nextInt(200_000))),
            name.equals("k"));
        sameSlots(before, after, new FieldLookup.KeysExcept(Set.of((long) i)), i < 4);
      }
      sameSlots(before, after, new FieldLookup.Empty(true), true);
      sameSlots(before, after, new FieldLookup.Empty(false), true);
    }
    expected.release();
    found.release();
  }

  private void sameSlots(
      IndexedField before, IndexedField after, FieldLookup lookup, boolean isAsked) {
    if (isAsked) {
      RoaringBitmap all = new RoaringBitmap();
      all.add(0L, slots);
      assertThat(liveOf(after.lookup(lookup, all)))
          .as("seed %d %s", seed, lookup)
          .isEqualTo(liveOf(before.lookup(lookup, all)));
    }
  }

  private RoaringBitmap liveOf(SlotBounds bounds) {
    assertThat(bounds.isExact()).isTrue();
    RoaringBitmap kept = new RoaringBitmap();
    for (int slot : bounds.sure().toArray()) {
      if (live.get(slot)) {
        kept.add(slot);
      }
    }
    return kept;
  }

  @Test
  void largeFilesAreWrittenOnceAndLinked() throws IOException {
    FieldIndexes indexes = declared();
    change(indexes, 80_000);
    settle(indexes);
    Checkpoint first = checkpoint(indexes, 0);
    change(indexes, 300);
    Checkpoint second = checkpoint(indexes, 0);
    List<IndexPart> kept = new ArrayList<>(first.manifest().files());
    kept.retainAll(second.manifest().files());
    assertThat(kept).as("seed %d", seed).hasSizeGreaterThan(2);
    for (IndexPart part : kept) {
      assertThat(Files.isSameFile(at(first, part), at(second, part))).isTrue();
    }
    assertThat(second.manifest().lengthBytes() - bytes(kept))
        .as("seed %d: written anew", seed)
        .isLessThan(bytes(kept));
    assertThat(names(folder.resolve("live-0")))
        .as("files of no more use are gone")
        .isEqualTo(names(second.folder()));

    FieldIndexes restored = restored(second.manifest(), second.folder());
    Checkpoint third = checkpoint(restored, 0);
    assertThat(third.manifest().files()).as("seed %d", seed).containsAll(kept);
    assertThat(Files.isSameFile(at(third, kept.getFirst()), at(first, kept.getFirst()))).isTrue();
  }

  private static Path at(Checkpoint checkpoint, IndexPart part) {
    return checkpoint.folder().resolve(part.name());
  }

  private static long bytes(List<IndexPart> parts) {
    return parts.stream().mapToLong(IndexPart::lengthBytes).sum();
  }

  private static Set<String> names(Path folder) throws IOException {
    Set<String> names = new HashSet<>();
    try (var entries = Files.list(folder)) {
      entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
    }
    return names;
  }

  @Test
  void newTermsJoinTheChunksBeforeThem() throws IOException {
    FieldIndexes indexes = declared();
    int files = 0;
    for (int round = 0; round < 40; round++) {
      for (int i = 0; i < 4_000; i++) {
        JsonString term = new JsonString("t".repeat(60) + slots);
        live.set(slots);
        indexes.add(slots++, new JsonObject(Map.of("k", term)));
      }
      maintain(indexes);
      FieldIndexManifest manifest = checkpoint(indexes, 0).manifest();
      files = Math.max(files, requireNonNull(manifest.fields().get("k")).terms().size());
    }
    assertThat(files).isBetween(3, 8);
  }

  @Test
  void whatIsOnDiskIsMappedAndGoesWithItsLastReader() throws IOException {
    FieldIndexes inMemory = declared();
    change(inMemory, 80_000);
    settle(inMemory);
    long heapBytes = inMemory.heapBytes();
    FieldIndexes.View before = inMemory.freeze(live::get);
    inMemory.declare(ON_DISK, FieldRules.of(ON_DISK), false, Map.of());
    settle(inMemory);
    spec = ON_DISK;
    Checkpoint taken = checkpoint(inMemory, 0);
    FieldIndexes restored = restored(taken.manifest(), taken.folder());
    FieldIndexes.View read = restored.freeze(live::get);
    for (FieldIndexes indexes : List.of(inMemory, restored)) {
      assertThat(indexes.heapBytes()).as("seed %d", seed).isLessThan(heapBytes / 3);
      assertThat(indexes.mappedBytes()).as("seed %d", seed).isGreaterThan(heapBytes / 3);
    }
    sameAnswers(inMemory, restored);
    inMemory.declare(SPEC, FieldRules.of(SPEC), false, Map.of());
    settle(inMemory);
    assertThat(inMemory.mappedBytes()).isZero();
    sameAnswers(inMemory, restored);
    before.release();
    inMemory.close();

    Path files = folder.resolve("live-1");
    Set<String> all = names(files);
    restored.close();
    assertThat(names(files)).as("a view reads them").isEqualTo(all);
    requireNonNull(read.at(KeyPath.parse("k").steps())).forEachFacet((_, _) -> true);
    read.release();
    assertThat(names(files)).as("what checkpoints alone need").hasSizeLessThan(all.size());
  }

  @Test
  void damageCostsTheFieldsThatItIsIn() throws IOException {
    damageIsFound();
  }

  @Test
  void damageOfWhatIsMappedIsFoundToo() throws IOException {
    spec = ON_DISK;
    damageIsFound();
  }

  private void damageIsFound() throws IOException {
    FieldIndexes indexes = declared();
    change(indexes, 30_000);
    settle(indexes);
    Checkpoint taken = checkpoint(indexes, 0);
    for (IndexPart part : taken.manifest().files()) {
      Path file = at(taken, part);
      byte[] whole = Files.readAllBytes(file);
      Map<Path, String> damaged = new TreeMap<>();
      // Some bytes fall into counts and lengths, others into what they count.
      for (int i = 0; i < 12; i++) {
        byte[] bytes = whole.clone();
        bytes[i < 6 ? 16 + 3 * i : random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, i % 6 == 5 ? Arrays.copyOf(whole, i * 7) : bytes);
        FieldIndexes left = indexes();
        int fields =
            left.restore(
                taken.manifest(),
                taken.folder(),
                spec,
                POINTS,
                slots,
                (path, reason) -> damaged.put(path, reason.getMessage()));
        assertThat(fields).as("seed %d %s", seed, part).isLessThan(2);
        left.declare(spec, FieldRules.of(spec), false, Map.of());
        assertThat(left.isBusy()).as("to be read").isTrue();
        Files.write(file, whole);
      }
      assertThat(damaged.keySet()).as("seed %d", seed).containsExactly(file);
    }
  }

  @Test
  void whatContradictsItselfIsRefusedThoughItsChecksumHolds() throws IOException {
    FieldIndexes indexes = declared();
    change(indexes, 200);
    Checkpoint taken = checkpoint(indexes, 0);
    List<String> reasons = new ArrayList<>();
    FieldIndexes few = indexes();
    int fields =
        few.restore(
            taken.manifest(),
            taken.folder(),
            SPEC,
            POINTS,
            slots / 2,
            (file, reason) -> reasons.add(reason.getMessage()));
    assertThat(fields).isZero();
    assertThat(reasons).singleElement().asString().contains("slots below " + slots / 2);

    FieldIndexManifest old =
        new FieldIndexManifest("0", 9, taken.manifest().files(), taken.manifest().fields());
    assertThat(
            indexes().restore(old, taken.folder(), SPEC, POINTS, slots, (_, _) -> reasons.clear()))
        .as("another meaning")
        .isZero();
    assertThat(reasons).hasSize(1);
    CollectionSpec other =
        SPEC.withPayloadIndexes(
            Map.of("n", FieldIndex.of(Type.FLOAT), "k", FieldIndex.of(Type.KEYWORD)));
    assertThat(
            indexes()
                .restore(
                    taken.manifest(),
                    taken.folder(),
                    other,
                    POINTS,
                    slots,
                    (_, _) -> reasons.clear()))
        .as("a field that was declared otherwise")
        .isEqualTo(1);
    assertThat(reasons).hasSize(1);
  }

  @Test
  void aFailedWriteLeavesNothingBehind() throws IOException {
    Path files = Files.createDirectory(folder.resolve("live"));
    boolean[] isFailing = {true};
    FieldIndexes indexes =
        new FieldIndexes(
            background::add,
            () -> 0,
            new IndexFiles(
                files,
                file -> {
                  if (isFailing[0]) {
                    throw new IOException("no");
                  }
                }),
            HeapRoom.UNLIMITED);
    indexes.declare(SPEC, FieldRules.of(SPEC), true, Map.of());
    change(indexes, 300);
    assertThatThrownBy(() -> checkpoint(indexes, 0)).isInstanceOf(IOException.class);
    assertThat(names(files)).isEmpty();
    isFailing[0] = false;
    Checkpoint taken = checkpoint(indexes, 0);
    sameAnswers(indexes, restored(taken.manifest(), taken.folder()));
  }

  @Test
  void namesAreNoPaths() {
    for (String name : List.of("../fields-1.index", "fields-9.index", "fields-x.index")) {
      assertThatThrownBy(
              () -> new FieldIndexManifest("1", 9, List.of(new IndexPart(name, 1, 1)), Map.of()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
