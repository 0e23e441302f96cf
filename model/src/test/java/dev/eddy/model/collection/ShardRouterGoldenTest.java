package dev.eddy.model.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.point.PointId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * The partition function is a storage format: a change of any line here would misplace stored
 * points.
 */
class ShardRouterGoldenTest {
  @Test
  void everyRecordedIdStillGoesToItsShard() throws IOException {
    assertThat(table()).isEqualTo(golden());
  }

  @Test
  void shardsAreEvenlyFilled() {
    int[] counts = new int[12];
    for (long id = 0; id < 120_000; id++) {
      counts[ShardRouter.shardOf(PointId.of(id), counts.length)]++;
    }
    for (int count : counts) {
      assertThat(count).isBetween(9_500, 10_500);
    }
  }

  static String table() {
    StringBuilder table = new StringBuilder();
    PointId[] ids = {
      PointId.of(0),
      PointId.of(1),
      PointId.of(2),
      PointId.of(255),
      PointId.of(1L << 40),
      PointId.of(Long.MAX_VALUE),
      PointId.of(-1),
      PointId.of(new UUID(0, 0)),
      PointId.of(new UUID(0, 1)),
      PointId.of(new UUID(1, 0)),
      PointId.of(UUID.fromString("936da01f-9abd-4d9d-80c7-02af85c822a8"))
    };
    for (PointId id : ids) {
      for (int shards : new int[] {1, 2, 3, 4, 7, 16, 100, 1024}) {
        table.append(id).append(' ').append(shards).append(' ');
        table.append(ShardRouter.shardOf(id, shards)).append('\n');
      }
    }
    return table.toString();
  }

  private static String golden() throws IOException {
    try (InputStream in =
        ShardRouterGoldenTest.class.getResourceAsStream("/golden/shard-router-v1/table.txt")) {
      assertThat(in).as("golden file").isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
