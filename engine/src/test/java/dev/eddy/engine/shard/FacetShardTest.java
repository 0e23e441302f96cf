package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.answer.AnswerMeter;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.json.JsonValue.JsonString;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.query.FacetHit;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.Update;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Facets of a field that has far more values than are asked for. */
final class FacetShardTest {
  private static final ShardId SHARD = new ShardId(new UUID(7, 10), 3, 0);
  private static final int VALUES = 1_000;
  private static final KeyPath INDEXED = KeyPath.parse("k");
  private static final KeyPath UNINDEXED = KeyPath.parse("u");

  /** The greatest one is there twice; then come the smallest of all others. */
  private static final List<FacetHit> TOP = List.of(hit("v999", 2), hit("v000", 1), hit("v001", 1));

  @TempDir Path folder;

  private static FacetHit hit(String value, long count) {
    return new FacetHit(new JsonString(value), count);
  }

  private static void fill(Shard shard) {
    CollectionSpec spec =
        CollectionSpec.of(Map.of())
            .withPayloadIndexes(Map.of("k", FieldIndex.of(FieldIndex.Type.KEYWORD)));
    shard.apply(0, new Update.Genesis(SHARD.collectionId(), "c", 3, 0, spec, 10));
    List<Point> written = new ArrayList<>();
    for (int i = 0; i <= VALUES; i++) {
      String value = "v%03d".formatted(Math.min(i, VALUES - 1));
      byte[] json =
          "{\"k\":\"%s\",\"u\":\"%s\"}".formatted(value, value).getBytes(StandardCharsets.UTF_8);
      written.add(new Point(PointId.of(i), new Vectors(Map.of()), new Payload(json)));
    }
    shard.apply(1, new Update.Upsert(written));
    shard.publish();
  }

  private static List<FacetHit> facet(ShardLease lease, KeyPath key, int limit, AnswerMeter meter) {
    return meter.metering(() -> lease.facet(key, FieldIndex.Type.KEYWORD, null, limit));
  }

  @Test
  void onlyWhatIsAskedForIsCountedAsAnAnswer() throws IOException {
    try (EngineResources resources = new EngineResources(2, 32 << 20, 16 << 20);
        Shard shard = Shard.open(SHARD, new UUID(5, 5), folder, resources, ShardSettings.DEFAULT)) {
      fill(shard);
      long few = (long) TOP.size() * AnswerMeter.HIT_BYTES;
      try (ShardLease lease = shard.lease();
          AnswerMeter small = AnswerMeter.single(few);
          AnswerMeter large = AnswerMeter.single((long) VALUES * AnswerMeter.HIT_BYTES)) {
        assertThat(facet(lease, INDEXED, TOP.size(), small))
            .containsExactlyInAnyOrderElementsOf(TOP);
        // Counts of a field without an index are in memory all together for a while.
        assertThat(facet(lease, UNINDEXED, TOP.size(), large))
            .containsExactlyInAnyOrderElementsOf(TOP);
        assertThat(large.bytes()).isEqualTo(few);
        for (KeyPath key : List.of(INDEXED, UNINDEXED)) {
          try (AnswerMeter own = AnswerMeter.single((long) VALUES * AnswerMeter.HIT_BYTES)) {
            assertThat(facet(lease, key, 0, own)).hasSize(VALUES).containsAll(TOP);
          }
        }
        assertThatThrownBy(() -> facet(lease, INDEXED, 0, small))
            .isInstanceOf(EddyException.class)
            .hasMessageContaining("with a filter");
      }
    }
  }
}
