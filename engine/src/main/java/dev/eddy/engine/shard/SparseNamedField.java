package dev.eddy.engine.shard;

import dev.eddy.engine.column.ColumnEntry;
import dev.eddy.engine.points.PointHash;
import dev.eddy.engine.search.NamedVectors;
import dev.eddy.engine.search.SparseVectors;
import dev.eddy.engine.segment.LiveSlots;
import dev.eddy.engine.segment.VectorFieldStats;
import dev.eddy.engine.sparse.SparseField;
import dev.eddy.engine.sparse.SparseQuery;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.point.Vector;
import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.shard.MemoryUse.Component;
import dev.eddy.model.shard.VectorForms;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** The sparse vectors of one name of a shard. Owned by the writer. */
final class SparseNamedField implements NamedField {
  private final String name;
  private final SparseField vectors;
  private final long nameHash;

  SparseNamedField(String name, SparseField vectors) {
    this.name = name;
    this.vectors = vectors;
    this.nameHash = PointHash.name(name);
  }

  /** What a checkpoint's manifest calls the index; no vector has the name. */
  static String indexName(String name) {
    return name + "\0index";
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long append(int slot, Vector vector) {
    if (!(vector instanceof Vector.Sparse(int[] indices, float[] values))) {
      throw new IllegalStateException("unchecked form of vector " + name);
    }
    return append(slot, SparseQuery.of(indices, values));
  }

  private long append(int slot, SparseQuery vector) {
    vectors.append(slot, vector);
    return PointHash.sparse(nameHash, vector.indices(), vector.values());
  }

  @Override
  public long carryOver(NamedField source, int from, int to) {
    ColumnEntry entry = new ColumnEntry();
    if (!((SparseNamedField) source).vectors.find(from, entry)) {
      return 0;
    }
    int[] indices = Arrays.copyOfRange(entry.ints(), entry.from(), entry.to());
    float[] values = Arrays.copyOfRange(entry.floats(), entry.from(), entry.to());
    return append(to, new SparseQuery(indices, values));
  }

  @Override
  public boolean contains(int slot) {
    return vectors.contains(slot);
  }

  @Override
  public void noteDead(int slot) {
    vectors.noteDead(slot);
  }

  @Override
  public boolean maintain(LiveSlots live) {
    return vectors.maintain(live::isLive);
  }

  @Override
  public void configure(CollectionSpec spec) {
    vectors.readAhead(FieldMaker.isReadAhead(spec.sparseVectors().get(name)));
  }

  @Override
  public boolean hasUnsavedWork(boolean isFinal) {
    return false;
  }

  @Override
  public boolean isBusy() {
    return vectors.isBusy();
  }

  @Override
  public boolean isOptimizing() {
    return isBusy();
  }

  @Override
  public Optional<String> problem() {
    return vectors.problem();
  }

  @Override
  public Optional<String> delay() {
    return Optional.empty(); // Nothing of it is copied on the heap.
  }

  /** Every vector is in the index from the start, so all count as linked. */
  @Override
  public VectorFieldStats stats() {
    int live = vectors.live();
    MemoryUse.Sum memory = new MemoryUse.Sum();
    memory.add(Component.SPARSE, vectors.heapBytes(), vectors.fileBytes());
    return new VectorFieldStats(
        live,
        0,
        live,
        0,
        live == 0 ? 0 : 1,
        vectors.dataBytes(),
        VectorForms.NONE,
        memory.done(),
        0);
  }

  @Override
  public NamedVectors view() {
    return new SparseVectors(vectors.view());
  }

  @Override
  public FieldCheckpoint beginCheckpoint(boolean isFinal) {
    SparseField.Checkpoint taken = vectors.beginCheckpoint();
    return new FieldCheckpoint() {
      @Override
      public Written writeTo(Path folder) throws IOException {
        SparseField.Stored stored = taken.writeTo(folder);
        return new Written(
            Map.of(name, stored.vectors().encode(), indexName(name), stored.index().encode()),
            stored.vectors().lengthBytes() + stored.index().lengthBytes());
      }

      @Override
      public void close() {
        taken.close();
      }
    };
  }

  @Override
  public void close() {
    vectors.close();
  }
}
