package dev.eddy.engine.shard;

import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.kernel.Normalizer;
import dev.eddy.engine.points.PointHash;
import dev.eddy.engine.search.FieldView;
import dev.eddy.engine.segment.VectorField;
import dev.eddy.engine.segment.VectorFieldSettings;
import dev.eddy.engine.segment.VectorFieldSnapshot;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.HnswConfig;
import dev.eddy.model.collection.OptimizersConfig;
import dev.eddy.model.collection.VectorParams;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The vectors of one name of a shard, with what apply needs beside them. Owned by the writer. */
final class NamedField implements AutoCloseable {
  private static final int STEM_LENGTH_MAX = 40;

  private final String name;
  private final VectorField vectors;
  private final int defaultEf;
  private final long nameHash;
  private final float[] scratch;
  private @Nullable VectorFieldSnapshot current;

  NamedField(String name, VectorField vectors, int defaultEf) {
    this.name = name;
    this.vectors = vectors;
    this.defaultEf = defaultEf;
    this.nameHash = PointHash.name(name);
    this.scratch = new float[vectors.settings().dimension()];
  }

  /** How a vector of the collection is kept on this node. */
  static VectorFieldSettings settings(String name, CollectionSpec spec, ShardSettings shard) {
    VectorParams params = spec.vectors().get(name);
    if (params == null) {
      throw new IllegalArgumentException("no vector named " + name);
    }
    HnswConfig hnsw = spec.hnswOf(name);
    int indexingThreshold = indexingThreshold(spec.optimizers());
    boolean hasGraph = hnsw.m() > 0 && indexingThreshold > 0;
    long scannedKilobytes = Math.min(indexingThreshold, hnsw.fullScanThreshold());
    long rowBytes = Float.BYTES * (long) params.size();
    long fullScanRows = scannedKilobytes * 1024 / rowBytes;
    Metric metric =
        switch (params.distance()) {
          case COSINE -> Metric.COSINE;
          case DOT -> Metric.DOT;
          case EUCLID -> Metric.EUCLID;
          case MANHATTAN -> Metric.MANHATTAN;
        };
    return new VectorFieldSettings(
        stem(name),
        params.size(),
        metric,
        new GraphParams(
            hasGraph ? Math.min(hnsw.m(), GraphParams.M_MAX) : 0,
            Math.min(hnsw.efConstruct(), 100_000)),
        (int) Math.clamp(shard.maxUnlinkedBytes() / rowBytes, 1, Integer.MAX_VALUE),
        shard.sealRows(),
        (int) Math.min(fullScanRows, Integer.MAX_VALUE),
        Math.clamp(hnsw.maxIndexingThreads(), 0, 1024));
  }

  private static int indexingThreshold(OptimizersConfig optimizers) {
    Integer given = optimizers.indexingThreshold();
    return given == null ? 10_000 : given;
  }

  /** A file name for a vector name, which may hold nearly anything. */
  private static String stem(String name) {
    StringBuilder readable = new StringBuilder();
    for (int i = 0; i < name.length() && readable.length() < STEM_LENGTH_MAX; i++) {
      char c = name.charAt(i);
      boolean isPlain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      readable.append(isPlain ? c : '_');
    }
    long hash = PointHash.payload(name.getBytes(StandardCharsets.UTF_8));
    return (name.isEmpty() ? "unnamed" : readable) + "-" + HexFormat.of().toHexDigits((int) hash);
  }

  String name() {
    return name;
  }

  VectorField vectors() {
    return vectors;
  }

  int dimension() {
    return scratch.length;
  }

  /**
   * Adds a vector as a client sent it.
   *
   * @return the hash of what is stored
   */
  long appendRaw(int slot, float[] values) {
    System.arraycopy(values, 0, scratch, 0, scratch.length);
    if (vectors.settings().metric() == Metric.COSINE) {
      Normalizer.normalize(scratch);
    }
    return appendStored(slot, scratch);
  }

  /**
   * Carries the vector of one slot over to another, as it is stored.
   *
   * @return the hash of what is stored, 0 when the slot has no vector of this name
   */
  long carryOver(int from, int to) {
    return snapshot().copyVector(from, scratch) ? appendStored(to, scratch) : 0;
  }

  private long appendStored(int slot, float[] values) {
    vectors.append(slot, values);
    forgetSnapshot();
    return PointHash.vector(nameHash, values);
  }

  /** Whether the slot has a vector of this name. */
  boolean contains(int slot) {
    return snapshot().contains(slot);
  }

  private VectorFieldSnapshot snapshot() {
    if (current == null) {
      current = vectors.snapshot();
    }
    return current;
  }

  private void forgetSnapshot() {
    if (current != null) {
      current.release();
      current = null;
    }
  }

  /** Everything up to now, for a view that will release it. */
  FieldView view() {
    return new FieldView(vectors.snapshot(), defaultEf);
  }

  @Override
  public void close() {
    forgetSnapshot();
    vectors.close();
  }
}
