package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.checkpoint.DiskFileStore;
import dev.eddy.engine.segment.HeldPool;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.HnswDiff;
import dev.eddy.model.collection.MultiVectorComparator;
import dev.eddy.model.collection.Quantization;
import dev.eddy.model.collection.SparseVectorParams;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.Update;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A shard says that it optimizes from the publication of a change until all is as it asks. */
final class OptimizingTest {
  private static final ShardId SHARD = new ShardId(new UUID(7, 10), 1, 0);
  private static final int DIMENSION = 32;
  private static final int POINTS = 1_200;
  private static final int SPARSE_ENTRIES = 1_000;

  /** What the vectors of a collection are. */
  private enum Kind {
    DENSE,
    WHOLE_NUMBERS,
    MULTI
  }

  private final EngineResources resources = new EngineResources(1, 32 << 20, 16 << 20);
  private final Random random = new Random(3);
  private @Nullable HeldPool pause;
  private Shard shard;
  private long metaNumber;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    ShardSettings settings = new ShardSettings(100, 128L << 20, 1_000, new DiskFileStore());
    shard = Shard.open(SHARD, new UUID(1, 1), folder, resources, settings);
  }

  @AfterEach
  void close() {
    goOn();
    shard.close();
    resources.close();
  }

  /** From now on background work waits. */
  private void pause() {
    pause = new HeldPool(resources.buildPool());
  }

  private void goOn() {
    HeldPool held = pause;
    if (held != null) {
      held.close();
    }
  }

  private static CollectionSpec spec(Kind kind, int m, @Nullable Quantization quantization) {
    VectorParams params =
        new VectorParams(
            DIMENSION,
            Distance.COSINE,
            new HnswDiff(m, 40, null, null, null, null, null, null),
            null,
            null,
            kind == Kind.WHOLE_NUMBERS ? "uint8" : null,
            kind == Kind.MULTI ? MultiVectorComparator.MAX_SIM : null,
            quantization);
    return ShardChecks.graphsFrom(10, CollectionSpec.of(Map.of("", params)));
  }

  private void begin(CollectionSpec spec) {
    shard.apply(
        shard.position(), new Update.Genesis(SHARD.collectionId(), "c", 1, 0, spec, ++metaNumber));
  }

  private void configure(CollectionSpec spec) {
    shard.apply(shard.position(), new Update.Configure(spec, ++metaNumber));
    shard.publish();
  }

  private float[] floats(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextInt(200);
    }
    return values;
  }

  private Vector vector(Kind kind) {
    return kind == Kind.MULTI
        ? new Vector.Multi(new float[][] {floats(DIMENSION), floats(DIMENSION)})
        : new Vector.Dense(floats(DIMENSION));
  }

  private void write(int points, String name, Supplier<Vector> vector) {
    List<Point> batch = new ArrayList<>();
    for (int id = 0; id < points; id++) {
      batch.add(new Point(PointId.of(id), new Vectors(Map.of(name, vector.get())), Payload.EMPTY));
    }
    shard.apply(shard.position(), new Update.Upsert(batch));
    shard.publish();
  }

  private boolean isOptimizing() {
    return shard.stats().isOptimizing();
  }

  private void settle() {
    goOn();
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (shard.maintain()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(isOptimizing()).as("when all is done").isFalse();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whileGraphsAndCodesAreMade(Kind kind) {
    begin(spec(kind, 8, null));
    shard.publish();
    assertThat(isOptimizing()).as("nothing there").isFalse();
    pause();
    write(POINTS, "", () -> vector(kind));
    shard.maintain();
    assertThat(isOptimizing()).as("rows wait for a graph").isTrue();
    settle();

    goesThrough(spec(kind, 12, null), "another graph");
    goesThrough(spec(kind, 12, new Quantization.Scalar(null, true, null)), "codes");
    CollectionSpec coded = spec(kind, 12, new Quantization.Binary(null, null, true, null));
    goesThrough(coded, "other codes");
    configure(coded);
    assertThat(isOptimizing()).as("the same again").isFalse();
  }

  private void goesThrough(CollectionSpec spec, String what) {
    pause();
    configure(spec);
    assertThat(isOptimizing()).as("%s, published", what).isTrue();
    shard.maintain();
    assertThat(isOptimizing()).as("%s, begun", what).isTrue();
    shard.publish();
    assertThat(isOptimizing()).as("%s, published again", what).isTrue();
    settle();
  }

  @Test
  void whileSparseVectorsGoToFiles() {
    begin(CollectionSpec.of(Map.of()).withSparseVectors(Map.of("s", SparseVectorParams.DEFAULT)));
    int[] indices = new int[SPARSE_ENTRIES];
    for (int i = 0; i < SPARSE_ENTRIES; i++) {
      indices[i] = i;
    }
    write(10, "s", () -> new Vector.Sparse(indices, floats(SPARSE_ENTRIES)));
    shard.maintain();
    assertThat(isOptimizing()).as("too few for a file").isFalse();
    pause();
    write(1_100, "s", () -> new Vector.Sparse(indices, floats(SPARSE_ENTRIES)));
    shard.maintain();
    assertThat(isOptimizing()).as("a file is written").isTrue();
    settle();
  }
}
