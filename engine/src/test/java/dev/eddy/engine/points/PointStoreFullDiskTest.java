package dev.eddy.engine.points;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PointId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/**
 * A disk that takes no writes for now: what is applied is kept, and nothing is taken for damaged.
 */
final class PointStoreFullDiskTest {
  @TempDir Path folder;

  private boolean isFull;

  private PointStore open(StoreResources resources) throws IOException {
    return PointStore.open(
        Files.createDirectory(folder.resolve("store")),
        resources,
        disk ->
            (options, batch) -> {
              if (isFull) {
                throw new RocksDBException(
                    new Status(Status.Code.IOError, Status.SubCode.NoSpace, "no space left"));
              }
              disk.write(options, batch);
            });
  }

  private static Payload payload(String value) {
    return new Payload("{\"a\":\"%s\"}".formatted(value).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aRecordIsAppliedToItsEndThoughItReadsWhatItHasWritten() throws IOException {
    try (StoreResources resources = new StoreResources(8 << 20, 8 << 20);
        PointStore store = open(resources)) {
      store.putId(PointId.of(1), 1);
      store.putPayload(1, payload("old"));
      store.putPayload(2, payload("kept"));
      assertThat(store.tryWrite()).isTrue();
      StoreSnapshot before = store.snapshot();

      isFull = true;
      store.deleteId(PointId.of(1));
      assertThat(store.payload(1)).isEqualTo(payload("old"));
      store.putPayload(1, payload("new"));
      assertThat(store.payload(1)).isEqualTo(payload("new"));
      store.deletePayload(2);
      assertThat(store.payload(2)).isEqualTo(Payload.EMPTY);
      assertThat(store.tryWrite()).isFalse();
      assertThat(store.refusal()).hasValueSatisfying(why -> assertThat(why).contains("no space"));
      assertThatThrownBy(store::snapshot).isInstanceOf(IllegalStateException.class);

      assertThat(store.isDamaged()).isFalse();
      store.throwDamage();
      assertThat(before.payload(1)).as("readers go on").isEqualTo(payload("old"));
      before.close();

      isFull = false;
      assertThat(store.tryWrite()).isTrue();
      assertThat(store.refusal()).isEmpty();
      try (StoreSnapshot after = store.snapshot()) {
        assertThat(after.payload(1)).isEqualTo(payload("new"));
        assertThat(after.payload(2)).isEqualTo(Payload.EMPTY);
      }
      assertThat(store.payload(2)).isEqualTo(Payload.EMPTY);
    }
    assertThat(PointStore.wasDamaged(folder.resolve("store"))).isFalse();
  }
}
