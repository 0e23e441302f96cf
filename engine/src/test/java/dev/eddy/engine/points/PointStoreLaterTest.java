package dev.eddy.engine.points;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PointId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores whose database is opened when it is needed. */
final class PointStoreLaterTest {
  private static final int SLOTS = 100;
  private static final int READERS = 4;
  private static final long TOLD_PAYLOADS = 123;
  private static final long TOLD_DISK = 456;

  @TempDir Path folder;

  private final StoreResources resources = new StoreResources(8 << 20, 8 << 20);
  private Path copy;
  private Path home;

  @BeforeEach
  void makeCopy() throws IOException {
    copy = folder.resolve("copy");
    home = Files.createDirectory(folder.resolve("home"));
    try (PointStore store =
        PointStore.open(Files.createDirectory(folder.resolve("former")), resources)) {
      for (int slot = 0; slot < SLOTS; slot++) {
        store.putId(PointId.of(slot), slot);
        store.putPayload(slot, payload("old", slot));
      }
      store.copyTo(copy);
    }
  }

  @AfterEach
  void close() {
    resources.close();
  }

  private static Payload payload(String text, int slot) {
    return new Payload("{\"a\":\"%s %d\"}".formatted(text, slot).getBytes(StandardCharsets.UTF_8));
  }

  private PointStore later() {
    return PointStore.later(home, new StoreOrigin(copy, TOLD_PAYLOADS, TOLD_DISK), resources);
  }

  private static Set<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.collect(Collectors.toSet());
    }
  }

  private boolean isOpened() throws IOException {
    return !files(home).isEmpty();
  }

  @Test
  void whatNobodyReadsIsNotOpened() throws IOException {
    try (PointStore store = later();
        StoreSnapshot snapshot = store.snapshot()) {
      store.throwDamage();
      assertThat(store.tryWrite()).isTrue();
      assertThat(snapshot.payloadBytes()).isEqualTo(TOLD_PAYLOADS);
      assertThat(snapshot.diskBytes()).isEqualTo(TOLD_DISK);
      assertThat(snapshot.memoryBytes()).isZero();
      assertThat(isOpened()).isFalse();

      Set<Path> before = files(copy);
      assertThat(snapshot.payload(7)).isEqualTo(payload("old", 7));
      assertThat(isOpened()).as("readers need the copy alone").isFalse();
      assertThat(files(copy)).isEqualTo(before);

      store.putPayload(7, payload("new", 7));
      assertThat(isOpened()).isTrue();
      assertThat(files(copy)).isEqualTo(before);
      assertThat(snapshot.payload(7)).isEqualTo(payload("old", 7));
      assertThat(snapshot.payloadBytes()).isNotEqualTo(TOLD_PAYLOADS);
      assertThat(snapshot.diskBytes()).isNotEqualTo(TOLD_DISK);
    }
  }

  @Test
  void momentsFromBeforeTheOpeningStayAsTheyWere() throws IOException {
    try (PointStore store = later()) {
      StoreSnapshot first = store.snapshot();
      StoreSnapshot second = store.snapshot();
      store.putPayload(3, payload("new", 3));
      store.deletePayload(4);
      store.deleteId(PointId.of(4));
      assertThat(store.tryWrite()).isTrue();
      StoreSnapshot after = store.snapshot();

      assertThat(first.payload(3)).isEqualTo(payload("old", 3));
      assertThat(first.slotOf(PointId.of(4))).isEqualTo(4);
      first.close();
      assertThat(second.payloads(new int[] {3, 4}))
          .containsExactly(payload("old", 3), payload("old", 4));
      second.close();
      assertThat(after.payload(3)).isEqualTo(payload("new", 3));
      assertThat(after.payload(4)).isEqualTo(Payload.EMPTY);
      assertThat(after.slotOf(PointId.of(4))).isEqualTo(IdMap.NONE);
      after.close();
    }
  }

  @Test
  void nothingIsReadOfWhatBeganEmpty() throws IOException {
    try (PointStore store = PointStore.later(home, StoreOrigin.NOTHING, resources);
        StoreSnapshot snapshot = store.snapshot()) {
      assertThat(snapshot.payload(1)).isEqualTo(Payload.EMPTY);
      store.putPayload(1, payload("new", 1));
      assertThat(store.tryWrite()).isTrue();
      assertThat(snapshot.payload(1)).isEqualTo(Payload.EMPTY);
      assertThat(store.payload(1)).isEqualTo(payload("new", 1));
    }
  }

  @Test
  void aReaderKeepsItOpenThoughTheStoreIsClosed() throws IOException {
    PointStore store = later();
    StoreSnapshot snapshot = store.snapshot();
    store.close();
    assertThat(snapshot.payload(1)).isEqualTo(payload("old", 1));
    assertThat(store.isReleased()).isFalse();
    snapshot.close();
    assertThat(store.isReleased()).isTrue();
  }

  @Test
  void itsCopyHasWhatItHas() throws IOException {
    Path next = folder.resolve("next");
    try (PointStore store = later();
        PointStoreCopy begun = store.beginCopy()) {
      assertThat(begun.writeTo(next)).isTrue();
      // The open store counts the room of an empty write buffer, too.
      assertThat(begun.payloadBytes()).isPositive().isLessThanOrEqualTo(store.payloadBytes());
    }
    try (PointStore store = PointStore.open(next, resources);
        StoreSnapshot snapshot = store.snapshot()) {
      assertThat(snapshot.payload(99)).isEqualTo(payload("old", 99));
    }
  }

  @Test
  void readersAndTheWriterOpenItOnce() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(READERS);
        PointStore store = later()) {
      List<StoreSnapshot> snapshots = new ArrayList<>();
      List<Callable<Payload>> readers = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        StoreSnapshot snapshot = store.snapshot();
        snapshots.add(snapshot);
        readers.add(() -> snapshot.payload(5));
      }
      List<Future<Payload>> answers = new ArrayList<>();
      readers.forEach(reader -> answers.add(threads.submit(reader)));
      store.putPayload(5, payload("new", 5));
      assertThat(store.tryWrite()).isTrue();
      for (Future<Payload> answer : answers) {
        assertThat(answer.get()).isEqualTo(payload("old", 5));
      }
      snapshots.forEach(StoreSnapshot::close);
      assertThat(store.payload(5)).isEqualTo(payload("new", 5));
    }
  }

  @Test
  void whatDoesNotOpenIsDamage() throws IOException {
    try (Stream<Path> files = Files.list(copy)) {
      for (Path table : files.filter(file -> file.toString().endsWith(".sst")).toList()) {
        Files.delete(table);
      }
    }
    try (PointStore store = later();
        StoreSnapshot snapshot = store.snapshot()) {
      store.throwDamage();
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> snapshot.payload(1)).isInstanceOf(IllegalStateException.class);
      }
      assertThatThrownBy(() -> store.putPayload(1, payload("new", 1)))
          .isInstanceOf(IllegalStateException.class);
      assertThat(store.isDamaged()).isTrue();
      assertThatThrownBy(store::throwDamage)
          .isInstanceOf(UncheckedIOException.class)
          .hasCauseInstanceOf(CorruptFileException.class);
    }
    assertThat(PointStore.wasDamaged(home)).isTrue();
  }
}
