package dev.eddy.engine.field;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.filter.FieldRules;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.point.Payload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An index is read only while the node has room for it. */
final class FieldIndexRoomTest {
  private static final int POINTS = 5_000;

  @TempDir Path folder;

  private final Queue<Runnable> background = new ArrayDeque<>();
  private final Room room = new Room();
  private long nowNanos = 1;
  private int timesRead;

  /** A heap of so many bytes. */
  private static final class Room implements HeapRoom {
    private long limit;
    private long taken;
    private long mostTaken;

    @Override
    public boolean tryTake(long bytes) {
      if (taken + bytes > limit) {
        return false;
      }
      taken += bytes;
      mostTaken = Math.max(mostTaken, taken);
      return true;
    }

    @Override
    public void giveBack(long bytes) {
      taken -= bytes;
    }
  }

  private StoredPayloads payloads() {
    timesRead++;
    return new StoredPayloads() {
      @Override
      public void forEach(ObjIntConsumer<Payload> consumer) {
        for (int slot = 0; slot < POINTS; slot++) {
          byte[] json = "{\"n\":%d}".formatted(slot).getBytes(StandardCharsets.UTF_8);
          consumer.accept(new Payload(json), slot);
        }
      }

      @Override
      public void close() {}
    };
  }

  private void maintain(FieldIndexes indexes) {
    var _ = indexes.maintain(POINTS, () -> slot -> true, this::payloads);
    while (!background.isEmpty()) {
      background.remove().run();
    }
    var _ = indexes.maintain(POINTS, () -> slot -> true, this::payloads);
  }

  @Test
  void whereThereIsNoRoomItIsToldAndTriedAgain() throws IOException {
    FieldIndex integer =
        new FieldIndex(
            FieldIndex.Type.INTEGER, false, null, null, null, null, null, null, null, null, null);
    CollectionSpec spec = CollectionSpec.of(Map.of()).withPayloadIndexes(Map.of("n", integer));
    IndexFiles files = new IndexFiles(folder, file -> {}, IndexFiles.MAPPED_BYTES_MIN);
    try (FieldIndexes indexes = new FieldIndexes(background::add, () -> nowNanos, files, room)) {
      indexes.declare(spec, FieldRules.of(spec), false, Map.of());
      room.limit = 10_000;
      maintain(indexes);
      assertThat(indexes.isReady("n")).isFalse();
      assertThat(indexes.problem())
          .hasValueSatisfying(
              problem -> assertThat(problem).contains("the node's heap has no room for"));
      assertThat(room.taken).as("given back").isZero();

      room.limit = 1 << 20;
      nowNanos += Duration.ofSeconds(100).toNanos();
      maintain(indexes);
      assertThat(timesRead).as("not again so soon").isEqualTo(1);
      nowNanos += Duration.ofSeconds(30).toNanos();
      maintain(indexes);
      assertThat(timesRead).isEqualTo(2);
      assertThat(indexes.isReady("n")).isTrue();
      assertThat(indexes.problem()).isEmpty();
      assertThat(room.mostTaken).isGreaterThan(10_000);
      assertThat(room.taken).as("the shard counts it now").isZero();
    }
  }
}
