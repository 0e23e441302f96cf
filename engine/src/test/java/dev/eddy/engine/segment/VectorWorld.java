package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.format.FileDamage;
import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.kernel.Normalizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A field with the truth beside it: a map of all vectors, live bits, and an exact scan in doubles.
 */
final class VectorWorld implements AutoCloseable {
  final Random random;
  VectorFieldSettings settings;
  FusedPolicy fused;
  private final MemoryBudget memory;
  final BuildPool pool;
  final Path folder;
  final TreeMap<Integer, float[]> vectors = new TreeMap<>();
  final BitSet live = new BitSet();
  VectorField field;
  private @Nullable CodeSettings codes;
  private RowLayout layout = RowLayout.BY_SLOT;
  private final AtomicLong skippedNanos = new AtomicLong();
  private int checkpoints;
  private int lives;

  VectorWorld(long seed, VectorFieldSettings settings, Path folder) throws IOException {
    this(seed, settings, FusedPolicy.none(), folder);
  }

  VectorWorld(long seed, VectorFieldSettings settings, FusedPolicy fused, Path folder)
      throws IOException {
    this(seed, settings, fused, MemoryBudget.unlimited(), folder);
  }

  VectorWorld(
      long seed, VectorFieldSettings settings, FusedPolicy fused, MemoryBudget memory, Path folder)
      throws IOException {
    this.memory = memory;
    this.random = new Random(seed);
    this.settings = settings;
    this.fused = fused;
    this.folder = folder;
    this.pool = new BuildPool(2, () -> System.nanoTime() + skippedNanos.get());
    this.field = VectorField.create(settings, resources());
  }

  /** Wants these codes, now and after restarts. */
  VectorWorld code(@Nullable CodeSettings wanted) {
    codes = wanted;
    field.code(wanted);
    return this;
  }

  /** Wants rows to lie so, now and after restarts. */
  VectorWorld layOut(RowLayout wanted) {
    layout = wanted;
    field.layOut(wanted);
    return this;
  }

  /** Keeps the field in this way from now on, also after restarts. */
  void configure(VectorFieldSettings others, FusedPolicy policy) {
    settings = others;
    fused = policy;
    field.configure(others, policy);
  }

  /** Lets the pool's clock jump. */
  void skip(Duration time) {
    skippedNanos.addAndGet(time.toNanos());
  }

  static VectorFieldSettings sealing(Metric metric, int dimension, int sealRows) {
    return new VectorFieldSettings(
        "text", dimension, metric, new GraphParams(8, 64), 500, sealRows, 50, 0);
  }

  static VectorFieldSettings settings(Metric metric, int dimension, int fullScanRows) {
    return new VectorFieldSettings(
        "text", dimension, metric, new GraphParams(8, 64), 500, 1 << 20, fullScanRows, 0);
  }

  private SegmentResources resources() throws IOException {
    Path live = folder.resolve("live-" + lives++);
    Files.createDirectories(live);
    return new SegmentResources(pool, fused, memory, live);
  }

  /** Clustered vectors, so that a graph has something to find. */
  float[] vector() {
    return vector(random);
  }

  float[] vector(Random random) {
    Random centre = new Random(random.nextInt(20));
    float[] vector = new float[settings.dimension()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (centre.nextGaussian() + 0.5 * random.nextGaussian());
    }
    if (settings.metric() == Metric.COSINE) {
      Normalizer.normalize(vector);
    }
    round(vector);
    return vector;
  }

  /** To what the field can keep; whole numbers from 0 to 255 are spread about their middle. */
  private void round(float[] vector) {
    for (int i = 0; i < vector.length; i++) {
      vector[i] =
          switch (settings.elementType()) {
            case FLOAT32 -> vector[i];
            case FLOAT16 -> Float.float16ToFloat(Float.floatToFloat16(vector[i]));
            case UINT8 -> Math.clamp(Math.round(128 + 30 * vector[i]), 0, 255);
          };
    }
  }

  /** Appends count vectors; now and then a slot is left out. */
  VectorWorld append(int count) {
    int slot = vectors.isEmpty() ? 5 : vectors.lastKey() + 1;
    for (int i = 0; i < count; i++) {
      slot += random.nextInt(50) == 0 ? 2 : 0;
      append(slot++, vector());
    }
    return this;
  }

  void append(int slot, float[] vector) {
    vectors.put(slot, vector.clone());
    live.set(slot);
    field.append(slot, vector);
  }

  VectorWorld delete(int slot) {
    if (live.get(slot)) {
      live.clear(slot);
      field.noteDead(slot);
    }
    return this;
  }

  /** Lets maintenance run until nothing is due and nothing is running. */
  VectorWorld settle() {
    await(() -> {
      boolean hasChanged = field.maintain(live::get);
      return !hasChanged && field.isSettled() && field.stats().unlinkedRows() == 0;
    });
    return this;
  }

  /** Settles, and lets time pass until what is done at rest is done. */
  VectorWorld rest() {
    for (int i = 0; i < 3; i++) {
      settle();
      skip(Duration.ofSeconds(6));
      field.maintain(live::get);
      await(() -> {
        field.maintain(live::get);
        return !field.isFilling() && !isMending();
      });
    }
    return this;
  }

  private boolean isMending() {
    return field.segments().stream()
        .anyMatch(segment -> segment instanceof HeapSegment heap && heap.isMending());
  }

  void awaitLinked() {
    await(() -> field.stats().unlinkedRows() == 0);
  }

  static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  /** Checkpoints, forgets the field, and restores it. */
  VectorFieldManifest restart() throws IOException {
    Path checkpoint = folder.resolve("checkpoint-" + checkpoints++);
    Files.createDirectories(checkpoint);
    VectorFieldManifest manifest = field.writeTo(checkpoint);
    field.close();
    VectorFieldManifest read = VectorFieldManifest.decode(manifest.encode());
    assertThat(read).isEqualTo(manifest);
    field = VectorField.restore(settings, resources(), checkpoint, read);
    field.code(codes);
    field.layOut(layout);
    return manifest;
  }

  VectorField restoreFrom(Path checkpoint, VectorFieldManifest manifest) throws IOException {
    return restoreFrom(checkpoint, manifest, Set.of());
  }

  /** With files that were found damaged before. */
  VectorField restoreFrom(Path checkpoint, VectorFieldManifest manifest, Set<String> suspects)
      throws IOException {
    SegmentResources trusting = resources();
    return VectorField.restore(
        settings,
        new SegmentResources(pool, fused, memory, trusting.liveFolder(), new FileDamage(suspects)),
        checkpoint,
        manifest);
  }

  float[] vectorOf(int slot) {
    return Objects.requireNonNull(vectors.get(slot), "vector");
  }

  double similarity(float[] query, float[] row) {
    double sum = 0;
    for (int i = 0; i < query.length; i++) {
      double difference = (double) query[i] - row[i];
      sum +=
          switch (settings.metric()) {
            case COSINE, DOT -> (double) query[i] * row[i];
            case EUCLID -> -difference * difference;
            case MANHATTAN -> -Math.abs(difference);
          };
    }
    return sum;
  }

  List<Integer> exact(float[] query, int k, SlotAcceptor accept) {
    record Hit(int slot, double similarity) {}
    List<Hit> hits = new ArrayList<>();
    vectors.forEach((slot, vector) -> {
      if (accept.accept(slot)) {
        hits.add(new Hit(slot, similarity(query, vector)));
      }
    });
    hits.sort(Comparator.comparingDouble(Hit::similarity).reversed().thenComparing(Hit::slot));
    return hits.stream().limit(k).map(Hit::slot).toList();
  }

  static List<Integer> slots(TopSlots top) {
    top.sort();
    List<Integer> slots = new ArrayList<>();
    for (int i = 0; i < top.size(); i++) {
      slots.add(top.slot(i));
    }
    return slots;
  }

  List<Integer> search(float[] query, SlotSearch params, SlotAcceptor accept) {
    TopSlots top = new TopSlots(params.k());
    VectorFieldSnapshot snapshot = field.snapshot();
    try {
      assertThat(snapshot.search(query, params, accept, top)).isTrue();
    } finally {
      snapshot.release();
    }
    return slots(top);
  }

  double recall(int queries, SlotSearch params, SlotAcceptor accept) {
    int found = 0;
    int wanted = 0;
    for (int i = 0; i < queries; i++) {
      float[] query = vector();
      List<Integer> expected = exact(query, params.k(), accept);
      wanted += expected.size();
      found += (int) search(query, params, accept).stream().filter(expected::contains).count();
    }
    return (double) found / wanted;
  }

  @Override
  public void close() {
    field.close();
    pool.close();
  }
}
