package dev.eddy.engine.shard;

import dev.eddy.engine.multi.MultiField;
import dev.eddy.engine.points.PointHash;
import dev.eddy.engine.search.FieldView;
import dev.eddy.engine.segment.LiveSlots;
import dev.eddy.engine.segment.RowLayout;
import dev.eddy.engine.segment.VectorFieldStats;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Datatype;
import dev.eddy.model.point.Vector;
import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.shard.MemoryUse.Component;
import java.util.List;
import java.util.Optional;

/**
 * Vectors of whole numbers that are compared by cosine: what clients read back is kept beside the
 * rows of unit length that are compared. Owned by the writer.
 */
final class WholeNumberField implements NamedField {
  private final DenseField rows;
  private final MultiField whole;
  private final long nameHash;

  /**
   * @param whole one row a slot, as it is read back
   */
  WholeNumberField(DenseField rows, MultiField whole) {
    this.rows = rows;
    this.whole = whole;
    this.nameHash = PointHash.name(rows.name());
  }

  /** What a checkpoint's manifest calls the numbers that are read back; no vector has the name. */
  static String wholeName(String name) {
    return name + "\0whole";
  }

  @Override
  public String name() {
    return rows.name();
  }

  @Override
  public long append(int slot, Vector vector) {
    if (!(vector instanceof Vector.Dense(float[] values))) {
      throw new IllegalStateException("unchecked form of vector " + name());
    }
    float[] rounded = values.clone();
    Datatype.UINT8.round(rounded);
    return appendRounded(slot, rounded);
  }

  private long appendRounded(int slot, float[] rounded) {
    whole.append(slot, 1, rounded);
    rows.append(slot, new Vector.Dense(rounded));
    return PointHash.vector(nameHash, rounded);
  }

  @Override
  public long carryOver(NamedField source, int from, int to) {
    float[] rounded = ((WholeNumberField) source).whole.rows(from);
    return rounded.length == 0 ? 0 : appendRounded(to, rounded);
  }

  @Override
  public boolean contains(int slot) {
    return whole.contains(slot);
  }

  @Override
  public void noteDead(int slot) {
    rows.noteDead(slot);
    whole.noteDead(slot);
  }

  @Override
  public void layOut(RowLayout layout) {
    rows.layOut(layout);
  }

  @Override
  public boolean maintain(LiveSlots live) {
    boolean hasChanged = rows.maintain(live);
    return whole.maintain() || hasChanged;
  }

  @Override
  public boolean hasUnsavedWork(boolean isFinal) {
    return rows.hasUnsavedWork(isFinal);
  }

  @Override
  public boolean isBusy() {
    return rows.isBusy() || whole.isBusy();
  }

  @Override
  public boolean isOptimizing() {
    return rows.isOptimizing() || whole.isBusy();
  }

  @Override
  public Optional<String> problem() {
    return rows.problem().or(whole::problem);
  }

  @Override
  public Optional<String> delay() {
    return rows.delay();
  }

  @Override
  public VectorFieldStats stats() {
    VectorFieldStats stats = rows.stats();
    MemoryUse.Sum memory = new MemoryUse.Sum();
    memory.add(stats.memory());
    memory.add(Component.VECTORS, whole.heapBytes(), whole.fileBytes());
    return new VectorFieldStats(
        stats.rows(),
        stats.deadRows(),
        stats.linkedRows(),
        stats.unlinkedRows(),
        stats.segments(),
        stats.dataBytes() + whole.dataBytes(),
        stats.forms(),
        memory.done(),
        stats.optionalBytes());
  }

  @Override
  public void configure(CollectionSpec spec) {
    rows.configure(spec);
    whole.readAhead(FieldMaker.isReadAhead(spec.vectors().get(rows.name())));
  }

  @Override
  public FieldView view() {
    FieldView compared = rows.view();
    return new FieldView(
        compared.vectors(),
        compared.defaultEf(),
        compared.exactRows(),
        compared.form(),
        whole.view());
  }

  @Override
  public FieldCheckpoint beginCheckpoint(boolean isFinal) {
    return new JoinedCheckpoint(
        List.of(
            rows.beginCheckpoint(isFinal),
            new ColumnFieldCheckpoint(wholeName(name()), whole.beginCheckpoint())));
  }

  @Override
  public void close() {
    rows.close();
    whole.close();
  }
}
