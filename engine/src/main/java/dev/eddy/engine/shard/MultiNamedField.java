package dev.eddy.engine.shard;

import dev.eddy.engine.multi.MultiField;
import dev.eddy.engine.points.PointHash;
import dev.eddy.engine.search.MultiVectors;
import dev.eddy.engine.search.NamedVectors;
import dev.eddy.engine.search.RowForm;
import dev.eddy.engine.segment.LiveSlots;
import dev.eddy.engine.segment.VectorFieldStats;
import dev.eddy.model.point.Vector;
import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.shard.MemoryUse.Component;
import dev.eddy.model.shard.VectorForms;
import java.util.Optional;

/** The multivectors of one name of a shard. Owned by the writer. */
final class MultiNamedField implements NamedField {
  private final String name;
  private final MultiField vectors;
  private final RowForm form;
  private final long nameHash;

  MultiNamedField(String name, MultiField vectors, RowForm form) {
    this.name = name;
    this.vectors = vectors;
    this.form = form;
    this.nameHash = PointHash.name(name);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long append(int slot, Vector vector) {
    float[][] rows =
        switch (vector) {
          case Vector.Dense(float[] values) -> new float[][] {values};
          case Vector.Multi(float[][] given) -> given;
          case Vector.Sparse ignored ->
              throw new IllegalStateException("unchecked form of vector " + name);
        };
    int dimension = vectors.dimension();
    float[] stored = new float[Math.multiplyExact(rows.length, dimension)];
    for (int row = 0; row < rows.length; row++) {
      float[] values = rows[row].clone();
      form.toRow(values);
      System.arraycopy(values, 0, stored, row * dimension, dimension);
    }
    return append(slot, rows.length, stored);
  }

  private long append(int slot, int rowCount, float[] rows) {
    vectors.append(slot, rowCount, rows);
    return PointHash.multi(nameHash, rowCount, rows);
  }

  @Override
  public long carryOver(int from, int to) {
    float[] rows = vectors.rows(from);
    return rows.length == 0 ? 0 : append(to, rows.length / vectors.dimension(), rows);
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
  public boolean hasUnsavedWork(boolean isFinal) {
    return false;
  }

  @Override
  public boolean isBusy() {
    return false;
  }

  @Override
  public Optional<String> problem() {
    return Optional.empty();
  }

  /** They have no graph: none counts as linked, none waits for it. */
  @Override
  public VectorFieldStats stats() {
    int live = vectors.live();
    MemoryUse.Sum memory = new MemoryUse.Sum();
    memory.add(Component.MULTI, vectors.heapBytes(), vectors.fileBytes());
    return new VectorFieldStats(
        live, 0, 0, 0, live == 0 ? 0 : 1, vectors.heapBytes(), VectorForms.NONE, memory.done(), 0);
  }

  @Override
  public NamedVectors view() {
    return new MultiVectors(vectors.view(), form);
  }

  @Override
  public FieldCheckpoint beginCheckpoint(boolean isFinal) {
    return new ColumnFieldCheckpoint(name, vectors.beginCheckpoint());
  }

  @Override
  public void close() {
    vectors.close();
  }
}
