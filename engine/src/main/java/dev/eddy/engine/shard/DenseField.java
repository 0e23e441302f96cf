package dev.eddy.engine.shard;

import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.kernel.ElementType;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.points.PointHash;
import dev.eddy.engine.search.FieldView;
import dev.eddy.engine.search.RowForm;
import dev.eddy.engine.segment.FusedPolicy;
import dev.eddy.engine.segment.LiveSlots;
import dev.eddy.engine.segment.RowLayout;
import dev.eddy.engine.segment.VectorField;
import dev.eddy.engine.segment.VectorFieldSettings;
import dev.eddy.engine.segment.VectorFieldSnapshot;
import dev.eddy.engine.segment.VectorFieldStats;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.HnswConfig;
import dev.eddy.model.collection.OptimizersConfig;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.point.Vector;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The dense vectors of one name of a shard, with what apply needs beside them. Owned by the writer.
 */
final class DenseField implements NamedField {
  /**
   * Vectors that are not to stay in memory are sealed when there are so many: until then they do.
   * So are those of tenants, which lie together in sealed segments alone.
   */
  private static final long SEAL_BYTES_IN_FILES = 64L << 20;

  /** Such segments are merged up to this size, which is in memory meanwhile. */
  private static final long MERGE_BYTES_IN_FILES = 2L << 30;

  /** Vectors that get a graph, where nothing is said. */
  private static final int INDEXING_KILOBYTES = 10_000;

  private final String name;
  private final VectorField vectors;
  private final ShardSettings shard;
  private final FusedPolicy nodePolicy;
  private final RowForm form;
  private final long nameHash;
  private final float[] scratch;
  private int defaultEf;
  private long exactRows;
  private @Nullable VectorFieldSnapshot current;

  /**
   * Call {@link #configure} before anything else.
   *
   * @param shard how the node keeps vectors
   * @param nodePolicy when segments of the node get a speed form
   */
  DenseField(
      String name, VectorField vectors, ShardSettings shard, FusedPolicy nodePolicy, RowForm form) {
    this.name = name;
    this.vectors = vectors;
    this.shard = shard;
    this.nodePolicy = nodePolicy;
    this.form = form;
    this.nameHash = PointHash.name(name);
    this.scratch = new float[vectors.settings().dimension()];
  }

  /** How a vector of the collection is kept on this node. */
  static VectorFieldSettings settings(
      String name, CollectionSpec spec, ShardSettings shard, String stem) {
    VectorParams params = spec.vectors().get(name);
    if (params == null) {
      throw new IllegalArgumentException("no vector named " + name);
    }
    HnswConfig hnsw = spec.hnswOf(name);
    Metric metric = NamedField.metric(params.distance());
    ElementType type = RowForm.elementType(metric, params.type());
    // Thresholds count floats, whatever the rows are, and so does what searches may scan.
    long floatBytes = Float.BYTES * (long) params.size();
    long rowBytes = type.bytes() * (long) params.size();
    boolean isInFiles = FieldCodes.isMemorySaved(name, spec) || TenantLayout.isWanted(spec);
    int sealRows = shard.sealRows();
    long mergeRows = 8L * sealRows;
    if (isInFiles) {
      sealRows = (int) Math.clamp(SEAL_BYTES_IN_FILES / rowBytes, 1, sealRows);
      mergeRows = Math.clamp(MERGE_BYTES_IN_FILES / rowBytes, sealRows, mergeRows);
    }
    return new VectorFieldSettings(
        stem,
        params.size(),
        metric,
        type,
        params.isOnDisk(),
        new GraphParams(
            Math.min(hnsw.graphM(), GraphParams.M_MAX), Math.min(hnsw.efConstruct(), 100_000)),
        (int) Math.clamp(shard.maxUnlinkedBytes() / floatBytes, 1, Integer.MAX_VALUE),
        sealRows,
        (int) Math.min(mergeRows, VectorFieldSettings.SEAL_ROWS_MAX),
        scannedRows(spec.optimizers(), floatBytes),
        Math.clamp(hnsw.maxIndexingThreads(), 0, 1024));
  }

  @Override
  public void configure(CollectionSpec spec) {
    HnswConfig hnsw = spec.hnswOf(name);
    defaultEf = hnsw.efConstruct();
    exactRows = exactRows(hnsw, vectors.settings().dimension());
    vectors.configure(
        settings(name, spec, shard, vectors.settings().fileStem()),
        FieldCodes.fused(name, spec, nodePolicy));
    vectors.code(FieldCodes.of(name, spec));
  }

  /** Up to so many rows a segment gets no graph; one that it has it keeps. */
  private static int scannedRows(OptimizersConfig optimizers, long rowBytes) {
    Integer given = optimizers.indexingThreshold();
    if (given != null && given == 0) {
      return Integer.MAX_VALUE;
    }
    long kilobytes = given == null ? INDEXING_KILOBYTES : given;
    return (int) Math.min(kilobytes * 1024 / rowBytes, Integer.MAX_VALUE);
  }

  /**
   * A search of fewer rows than this compares them all: none unless somebody asks for more scanning
   * than by default, since what the planner finds cheapest is seldom a graph for so few.
   */
  static long exactRows(HnswConfig hnsw, int dimension) {
    int kilobytes = hnsw.fullScanThreshold();
    return kilobytes <= HnswConfig.DEFAULT.fullScanThreshold()
        ? 0
        : kilobytes * 1024L / (Float.BYTES * (long) dimension);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long append(int slot, Vector vector) {
    if (!(vector instanceof Vector.Dense(float[] values))) {
      throw new IllegalStateException("unchecked form of vector " + name);
    }
    System.arraycopy(values, 0, scratch, 0, scratch.length);
    form.toRow(scratch);
    return appendStored(slot, scratch);
  }

  @Override
  public long carryOver(NamedField source, int from, int to) {
    VectorFieldSnapshot stored = ((DenseField) source).snapshot();
    return stored.copyVector(from, scratch) ? appendStored(to, scratch) : 0;
  }

  private long appendStored(int slot, float[] values) {
    vectors.append(slot, values);
    forgetSnapshot();
    return PointHash.vector(nameHash, values);
  }

  @Override
  public boolean contains(int slot) {
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

  @Override
  public void noteDead(int slot) {
    vectors.noteDead(slot);
  }

  @Override
  public void layOut(RowLayout layout) {
    vectors.layOut(layout);
  }

  @Override
  public boolean maintain(LiveSlots live) {
    return vectors.maintain(live);
  }

  @Override
  public boolean hasUnsavedWork(boolean isFinal) {
    return vectors.hasUnsavedWork(isFinal);
  }

  @Override
  public boolean isBusy() {
    return vectors.isBusy();
  }

  @Override
  public boolean isOptimizing() {
    return vectors.isOptimizing();
  }

  @Override
  public Optional<String> problem() {
    return vectors.problem();
  }

  @Override
  public Optional<String> delay() {
    return vectors.delay();
  }

  @Override
  public VectorFieldStats stats() {
    return vectors.stats();
  }

  @Override
  public FieldCheckpoint beginCheckpoint(boolean isFinal) {
    return new RowsCheckpoint(name, vectors.beginCheckpoint(isFinal));
  }

  @Override
  public FieldView view() {
    return new FieldView(vectors.snapshot(), defaultEf, exactRows, form, null);
  }

  @Override
  public void close() {
    forgetSnapshot();
    vectors.close();
  }
}
