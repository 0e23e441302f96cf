package dev.eddy.engine.points;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.model.point.Payload;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that RocksDB finds damaged when it reads them. */
class PointStoreDamageTest {
  private static final int SLOTS = 500;

  @TempDir Path folder;

  private Path damaged(StoreResources resources) throws IOException {
    Path copy = folder.resolve("copy");
    Random random = new Random(4);
    try (PointStore store =
        PointStore.open(Files.createDirectory(folder.resolve("s")), resources)) {
      for (int slot = 0; slot < SLOTS; slot++) {
        String json = "{\"text\":\"%x\"}".formatted(new BigInteger(8_000, random));
        store.putPayload(slot, new Payload(json.getBytes(StandardCharsets.UTF_8)));
      }
      store.copyTo(copy);
    }
    try (Stream<Path> files = Files.list(copy)) {
      for (Path table : files.filter(file -> file.toString().endsWith(".sst")).toList()) {
        try (RandomAccessFile bytes = new RandomAccessFile(table.toFile(), "rw")) {
          bytes.seek(bytes.length() / 2);
          int old = bytes.read();
          bytes.seek(bytes.length() / 2);
          bytes.write(old ^ 1);
        }
      }
    }
    return copy;
  }

  private static int[] allSlots() {
    int[] slots = new int[SLOTS];
    for (int slot = 0; slot < SLOTS; slot++) {
      slots[slot] = slot;
    }
    return slots;
  }

  @Test
  void damageIsToldByWhoReadsItAndToTheWriterAndToTheNextStart() throws IOException {
    try (StoreResources resources = new StoreResources(8 << 20, 8 << 20)) {
      Path copy = damaged(resources);
      try (PointStore store = PointStore.open(copy, resources)) {
        store.throwDamage();
        assertThat(PointStore.wasDamaged(copy)).isFalse();
        try (StoreSnapshot snapshot = store.snapshot()) {
          assertThat(snapshot.payload(0)).isNotEqualTo(Payload.EMPTY);
          assertThatThrownBy(() -> snapshot.payloads(allSlots()))
              .isInstanceOf(IllegalStateException.class);
        }
        assertThat(store.isDamaged()).isTrue();
        assertThatThrownBy(store::throwDamage)
            .isInstanceOf(UncheckedIOException.class)
            .hasCauseInstanceOf(CorruptFileException.class);
      }
      assertThat(PointStore.wasDamaged(copy)).isTrue();
    }
  }

  @Test
  void readingAllTablesFindsIt() throws IOException {
    try (StoreResources resources = new StoreResources(8 << 20, 8 << 20);
        PointStore store = PointStore.open(damaged(resources), resources)) {
      assertThatThrownBy(store::verify).isInstanceOf(CorruptFileException.class);
    }
  }
}
