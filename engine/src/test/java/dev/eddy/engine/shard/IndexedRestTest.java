package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.filter.Filter.MinShould;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.Update;
import dev.eddy.model.usage.HardwareUsage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an index tells all of is not asked of payloads again because of other conditions. */
final class IndexedRestTest {
  private static final ShardId SHARD = new ShardId(new UUID(7, 12), 3, 0);
  private static final int POINTS = 600;
  private static final Condition EVEN = number("indexed", 0);
  private static final Condition HAS_VECTOR = new Condition.HasVector("v");
  private static final Condition UNDECLARED = number("other", 1);

  private final EngineResources resources = new EngineResources(1, 32 << 20, 16 << 20);

  @TempDir Path folder;
  private Shard shard;

  /** Of two numbers, the first declared; each third point has the second vector. */
  @BeforeEach
  void fill() throws IOException {
    shard = Shard.open(SHARD, new UUID(1, 1), folder, resources, ShardSettings.DEFAULT);
    VectorParams one = VectorParams.of(1, Distance.DOT);
    CollectionSpec spec =
        CollectionSpec.of(Map.of("", one, "v", one))
            .withPayloadIndexes(Map.of("indexed", FieldIndex.of(FieldIndex.Type.INTEGER)));
    shard.apply(0, new Update.Genesis(SHARD.collectionId(), "c", 3, 0, spec, 1));
    List<Point> points = new ArrayList<>();
    for (int id = 0; id < POINTS; id++) {
      Map<String, Vector> vectors = new HashMap<>(Map.of("", dense(id)));
      if (id % 3 == 0) {
        vectors.put("v", dense(id));
      }
      String payload = "{\"indexed\":%d,\"other\":%d}".formatted(id % 2, id % 5);
      points.add(
          new Point(
              PointId.of(id),
              new Vectors(vectors),
              new Payload(payload.getBytes(StandardCharsets.UTF_8))));
    }
    shard.apply(1, new Update.Upsert(points));
    ShardChecks.settle(shard);
    shard.publish();
  }

  private static Vector dense(int number) {
    return new Vector.Dense(new float[] {number});
  }

  private static Condition number(String key, long value) {
    return new Condition.Field(
        KeyPath.parse(key),
        List.of(new FieldPredicate.Match(new FieldPredicate.MatchValue.Whole(value))));
  }

  @AfterEach
  void close() {
    shard.close();
    resources.close();
  }

  /** Payload bytes read to count what matches. */
  private long bytesRead(long expected, Filter filter) {
    HardwareUsage usage = new HardwareUsage();
    try (ShardLease lease = shard.lease()) {
      assertThat(usage.<Long>during(() -> lease.count(filter))).isEqualTo(expected);
    }
    return usage.get(HardwareUsage.Part.PAYLOAD_READ);
  }

  @Test
  void whetherAPointHasAVectorTakesNoPayloads() {
    assertThat(bytesRead(POINTS / 6, Filter.must(EVEN, HAS_VECTOR))).isZero();
    Filter without = new Filter(List.of(EVEN), null, List.of(HAS_VECTOR), null);
    assertThat(bytesRead(POINTS / 3, without)).isZero();
    Filter odd = new Filter(List.of(HAS_VECTOR), null, List.of(EVEN), null);
    assertThat(bytesRead(POINTS / 6, odd)).isZero();
    Filter any = new Filter(List.of(HAS_VECTOR), List.of(EVEN), List.of(), null);
    assertThat(bytesRead(POINTS / 6, any)).isZero();
    MinShould both = new MinShould(List.of(EVEN, EVEN), 2);
    assertThat(bytesRead(POINTS / 6, new Filter(List.of(HAS_VECTOR), null, List.of(), both)))
        .isZero();
  }

  @Test
  void whatIsLeftIsAskedOfThoseThatMayMatch() {
    long all = bytesRead(POINTS / 5, Filter.must(UNDECLARED));
    assertThat(bytesRead(POINTS / 10, Filter.must(EVEN, UNDECLARED))).isEqualTo(all / 2);
    assertThat(bytesRead(POINTS / 30, Filter.must(EVEN, HAS_VECTOR, UNDECLARED)))
        .isLessThanOrEqualTo(all / 2);
    Filter either = new Filter(List.of(), List.of(EVEN, HAS_VECTOR), List.of(), null);
    assertThat(bytesRead(POINTS * 2 / 3, either)).isLessThanOrEqualTo(all / 2);
  }
}
