package dev.eddy.engine.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.engine.format.CorruptFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roaringbitmap.RoaringBitmap;

/** Runs in files say what those on the heap say, while somebody holds them. */
final class MappedRunTest {
  private static final int SLOTS = 200_000;

  @TempDir Path folder;
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  private IndexFiles files() {
    return new IndexFiles(folder, file -> {}, 1);
  }

  private HeapRun run() {
    Pairs pairs = new Pairs();
    int postings = random.nextInt(40_000);
    for (int i = 0; i < postings; i++) {
      long key = random.nextInt(3) == 0 ? random.nextInt(3) : random.nextLong();
      pairs.add(key, random.nextInt(SLOTS));
    }
    pairs.sort();
    RoaringBitmap replaced = new RoaringBitmap();
    for (int i = random.nextInt(50); i > 0; i--) {
      replaced.add(random.nextInt(SLOTS));
    }
    return PostingRun.of(pairs, replaced);
  }

  @RepeatedTest(6)
  void itSaysWhatTheHeapSays() throws IOException {
    HeapRun heap = run();
    MappedRun mapped = files().mapped(heap);
    sameRun(heap, mapped);
    sameRun(heap, mapped.onHeap());
    for (int i = 0; i < 200; i++) {
      long key =
          i < 4 || heap.keyCount() == 0
              ? List.of(Long.MIN_VALUE, Long.MAX_VALUE, 0L, 1L).get(i % 4)
              : heap.key(random.nextInt(heap.keyCount())) + random.nextInt(3) - 1;
      assertThat(mapped.firstAtOrAbove(key))
          .as("seed %d", seed)
          .isEqualTo(heap.firstAtOrAbove(key));
      Postings before = new Postings(List.of(heap));
      Postings after = new Postings(List.of(mapped));
      assertThat(after.within(key, key + 1_000_000)).isEqualTo(before.within(key, key + 1_000_000));
    }
    mapped.release();
  }

  private void sameRun(HeapRun expected, PostingRun found) {
    assertThat(found.keyCount()).as("seed %d", seed).isEqualTo(expected.keyCount());
    assertThat(found.postings()).as("seed %d", seed).isEqualTo(expected.postings());
    assertThat(found.replaced()).isEqualTo(expected.replaced());
    for (int at = 0; at < expected.keyCount(); at++) {
      assertThat(found.key(at)).isEqualTo(expected.key(at));
      assertThat(found.slotsOf(at)).isEqualTo(expected.slotsOf(at));
    }
  }

  @Test
  void itIsUnmappedAndDeletedWhenNobodyHoldsIt() throws IOException {
    MappedRun mapped = files().mapped(run());
    Path file = mapped.piece().file();
    mapped.retain();
    mapped.release();
    assertThat(mapped.piece().isMapped()).isTrue();
    assertThat(file).exists();
    mapped.release();
    assertThat(mapped.piece().isMapped()).isFalse();
    assertThat(file).doesNotExist();
    assertThatThrownBy(mapped::retain).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aViewReadsRunsThatWereMergedMeanwhile() {
    Queue<Runnable> background = new ArrayDeque<>();
    PostingLog log = new PostingLog(true, 4);
    log.settleAt(new RunHome.Disk(files()));
    for (int slot = 0; slot < 20; slot++) {
      log.beginNew(slot);
      log.add(slot % 2, slot);
    }
    settle(log, background);
    Postings view = log.freeze(_ -> true);
    view.retain();
    assertThat(view.runs()).hasOnlyElementsOfType(MappedRun.class);
    for (int slot = 20; slot < 60; slot++) {
      log.beginNew(slot);
      log.add(slot % 2, slot);
    }
    settle(log, background);
    assertThat(log.freeze(_ -> true).with(1).getCardinality()).isEqualTo(30);
    log.close();
    assertThat(view.with(1).getCardinality()).isEqualTo(10);
    view.release();
    assertThat(folder).isEmptyDirectory();
  }

  private static void settle(PostingLog log, Queue<Runnable> background) {
    do {
      var _ = log.freeze(_ -> true);
      var _ = log.maintain(() -> _ -> true, background::add);
      while (!background.isEmpty()) {
        background.remove().run();
      }
    } while (log.isBusy());
  }

  @Test
  void workThatHasNotBegunIsGivenUp() {
    Queue<Runnable> background = new ArrayDeque<>();
    PostingLog log = new PostingLog(true, 4);
    log.settleAt(new RunHome.Disk(files()));
    log.beginNew(0);
    log.add(1, 0);
    var _ = log.freeze(_ -> true);
    var _ = log.maintain(() -> _ -> true, background::add);
    log.close();
    background.remove().run();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aRunThatCannotBeWrittenStaysOnTheHeap() throws IOException {
    Path none = folder.resolve("none");
    Queue<Runnable> background = new ArrayDeque<>();
    PostingLog log = new PostingLog(true, 4);
    log.settleAt(new RunHome.Disk(new IndexFiles(none, file -> {}, 1)));
    log.beginNew(0);
    log.add(1, 0);
    settle(log, background);
    assertThat(log.freeze(_ -> true).with(1).toArray()).containsExactly(0);
    Files.createDirectory(none);
    log.beginNew(1);
    log.add(1, 1);
    settle(log, background);
    assertThat(log.freeze(_ -> true).runs()).hasOnlyElementsOfType(MappedRun.class);
    log.close();
  }

  @Test
  void anyChangedByteIsFound() throws IOException {
    HeapRun heap = run();
    Path stored = Files.createDirectory(folder.resolve("stored"));
    Path file = stored.resolve("fields-1.index");
    IndexPart part = PieceFile.write(file, List.of(new Piece.Runs(List.of(heap), true)), _ -> true);
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < 40; i++) {
      byte[] bytes = whole.clone();
      int at = i < 28 ? i : random.nextInt(bytes.length);
      bytes[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, bytes);
      assertThatThrownBy(() -> files().map(part, stored, SLOTS))
          .as("seed %d byte %d", seed, at)
          .isInstanceOf(CorruptFileException.class)
          .hasMessageContaining("fields-1.index");
      assertThat(folder.resolve("fields-1.index")).doesNotExist();
    }
    Files.write(file, whole);
    assertThatThrownBy(() -> files().map(part, stored, 1))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("slots below 1");
  }
}
