package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.segment.MemoryBudget;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.SparseVectorParams;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.shard.MemoryUse.Component;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.Update;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a shard says that it holds, against what the JVM has. */
final class HeldBytesTest {
  private static final ShardId SHARD = new ShardId(new UUID(7, 7), 1, 0);
  private static final int POINTS_FIRST = 10_000;
  private static final int POINTS = 40_000;
  private static final int BATCH = 500;
  private static final CollectionSpec SPEC =
      CollectionSpec.of(
              Map.of(
                  "dense", VectorParams.of(96, Distance.EUCLID),
                  "rows", VectorParams.multi(16, Distance.DOT)))
          .withSparseVectors(Map.of("terms", SparseVectorParams.DEFAULT))
          .withPayloadIndexes(
              Map.of(
                  "word", FieldIndex.of(FieldIndex.Type.KEYWORD),
                  "number", FieldIndex.of(FieldIndex.Type.INTEGER)));

  private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");

  private final Random random = new Random(1);

  /**
   * Bytes of all live objects. The heap in use is more: the collector rounds large arrays up to its
   * regions.
   */
  private static long liveBytes() throws Exception {
    Object histogram =
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram",
                new Object[] {new String[0]},
                new String[] {String[].class.getName()});
    Matcher total = TOTAL.matcher(histogram.toString());
    assertThat(total.find()).as("%s", histogram).isTrue();
    return Long.parseLong(total.group(1));
  }

  private float[] floats(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }

  private Point point(int id) {
    int[] indices = new int[20];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = 40 * i + random.nextInt(40);
    }
    String json =
        "{\"word\":\"word-%d\",\"number\":%d}".formatted(random.nextInt(5_000), random.nextInt());
    return new Point(
        PointId.of(id),
        new Vectors(
            Map.of(
                "dense", new Vector.Dense(floats(96)),
                "rows", new Vector.Multi(new float[][] {floats(16), floats(16)}),
                "terms", new Vector.Sparse(indices, floats(indices.length)))),
        new Payload(json.getBytes(StandardCharsets.UTF_8)));
  }

  private void fill(Shard shard, int first, int end) throws InterruptedException {
    for (int from = first; from < end; from += BATCH) {
      List<Point> points = new ArrayList<>();
      for (int id = from; id < from + BATCH; id++) {
        points.add(point(id));
      }
      shard.apply(shard.position(), new Update.Upsert(points));
      shard.publish();
      shard.maintain();
    }
    long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
    while (shard.maintain()) {
      assertThat(System.nanoTime()).as("deadline for linking").isLessThan(deadline);
      Thread.sleep(1);
    }
    shard.publish();
    shard.maintain();
  }

  @Test
  void whatIsToldIsNearWhatIsAllocated(@TempDir Path folder) throws Exception {
    MemoryBudget budget = new MemoryBudget(1L << 40);
    try (EngineResources resources = new EngineResources(2, 64 << 20, 32 << 20, 0, budget)) {
      try (Shard shard =
          Shard.open(SHARD, new UUID(5, 5), folder, resources, ShardSettings.DEFAULT)) {
        shard.apply(
            0, new Update.Genesis(SHARD.collectionId(), "c", SHARD.generation(), 0, SPEC, 10));
        // Working memory and loaded classes, which are not told, are there after the first part.
        fill(shard, 0, POINTS_FIRST);
        long before = liveBytes();
        long toldBefore = shard.stats().memory().heapBytes();
        fill(shard, POINTS_FIRST, POINTS);
        long grown = liveBytes() - before;
        MemoryUse memory = shard.stats().memory();
        assertThat(memory.heapBytes() - toldBefore)
            .as("told %d, then %s", toldBefore, memory)
            .isCloseTo(grown, Percentage.withPercentage(10));
        assertThat(memory.components())
            .containsKeys(
                Component.VECTORS,
                Component.LINKS,
                Component.SPARSE,
                Component.MULTI,
                Component.FIELD_INDEXES,
                Component.POINTS,
                Component.PAYLOADS);
        assertThat(memory.of(Component.VECTORS).memory()).isGreaterThan(POINTS * 96L * Float.BYTES);
        assertThat(memory.of(Component.MULTI).memory()).isGreaterThan(POINTS * 32L * Float.BYTES);
        assertThat(memory.fieldIndexes()).containsOnlyKeys("word", "number");
        assertThat(budget.heldBytes()).isEqualTo(memory.heapBytes());
      }
      assertThat(budget.heldBytes()).isZero();
    }
  }
}
