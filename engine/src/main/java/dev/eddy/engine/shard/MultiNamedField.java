package dev.eddy.engine.shard;

import dev.eddy.engine.multi.MultiField;
import dev.eddy.engine.multi.RowGraph;
import dev.eddy.engine.multi.RowGraphView;
import dev.eddy.engine.points.PointHash;
import dev.eddy.engine.search.MultiVectors;
import dev.eddy.engine.search.NamedVectors;
import dev.eddy.engine.search.RowForm;
import dev.eddy.engine.segment.CodeSettings;
import dev.eddy.engine.segment.LiveSlots;
import dev.eddy.engine.segment.VectorFieldStats;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.point.Vector;
import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.shard.MemoryUse.Component;
import dev.eddy.model.shard.VectorForms;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The multivectors of one name of a shard: kept by slot, and found by a graph of their rows where
 * there are enough. Owned by the writer.
 */
final class MultiNamedField implements NamedField {
  private final String name;
  private final MultiField vectors;
  private final RowForm form;
  private final Function<CollectionSpec, RowGraphMaker> makers;
  private final long nameHash;
  private RowGraphMaker maker;
  private int defaultEf;
  private long exactRows;
  private @Nullable RowGraph graph;
  private @Nullable CodeSettings codes;

  /**
   * @param makers of graphs as a collection says
   * @param graph as a checkpoint held it; null = it is made when it is due
   */
  MultiNamedField(
      String name,
      MultiField vectors,
      RowForm form,
      Function<CollectionSpec, RowGraphMaker> makers,
      CollectionSpec spec,
      @Nullable RowGraph graph) {
    this.name = name;
    this.vectors = vectors;
    this.form = form;
    this.makers = makers;
    this.maker = makers.apply(spec);
    this.defaultEf = spec.hnswOf(name).efConstruct();
    this.exactRows = DenseField.exactRows(spec.hnswOf(name), vectors.dimension());
    this.codes = FieldCodes.of(name, spec);
    this.graph = graph;
    this.nameHash = PointHash.name(name);
    if (graph != null) {
      graph.code(codes);
    }
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
      form.toKept(values);
      System.arraycopy(values, 0, stored, row * dimension, dimension);
    }
    return append(slot, rows.length, stored);
  }

  private long append(int slot, int rowCount, float[] rows) {
    vectors.append(slot, rowCount, rows);
    if (graph != null) {
      if (graph.hasRoom(rowCount)) {
        graph.append(slot, rowCount, rows);
      } else {
        graph.close(); // Soon made again, with numbers from the start.
        graph = null;
      }
    }
    return PointHash.multi(nameHash, rowCount, rows);
  }

  @Override
  public long carryOver(NamedField source, int from, int to) {
    float[] rows = ((MultiNamedField) source).vectors.rows(from);
    return rows.length == 0 ? 0 : append(to, rows.length / vectors.dimension(), rows);
  }

  @Override
  public boolean contains(int slot) {
    return vectors.contains(slot);
  }

  @Override
  public void noteDead(int slot) {
    if (graph != null) {
      graph.noteDead(slot);
    }
    vectors.noteDead(slot);
  }

  @Override
  public boolean maintain(LiveSlots live) {
    boolean hasChanged = vectors.maintain();
    if (graph == null) {
      if (!maker.isDue(vectors)) {
        return hasChanged;
      }
      graph = maker.begin(vectors, codes);
    }
    hasChanged |= graph.fill(vectors, live::isLive);
    return graph.maintain(live) || hasChanged;
  }

  @Override
  public void configure(CollectionSpec spec) {
    maker = makers.apply(spec);
    defaultEf = spec.hnswOf(name).efConstruct();
    exactRows = DenseField.exactRows(spec.hnswOf(name), vectors.dimension());
    codes = FieldCodes.of(name, spec);
    vectors.readAhead(FieldMaker.isReadAhead(spec.vectors().get(name)));
    if (graph == null) {
      return;
    }
    if (maker.restored().hasGraph()) {
      graph.configure(maker.settings().apply(graph.fileStem()), maker.resources().fused());
      graph.code(codes);
    } else {
      graph.close();
      graph = null;
    }
  }

  @Override
  public boolean hasUnsavedWork(boolean isFinal) {
    return graph != null && graph.hasUnsavedWork(isFinal);
  }

  @Override
  public boolean isBusy() {
    return vectors.isBusy() || (graph != null && (graph.isBusy() || !graph.isComplete()));
  }

  @Override
  public boolean isOptimizing() {
    boolean isGraphDue =
        graph == null ? maker.isDue(vectors) : !graph.isComplete() || graph.isOptimizing();
    return isGraphDue || vectors.isBusy();
  }

  @Override
  public Optional<String> problem() {
    return graph == null ? vectors.problem() : graph.problem().or(vectors::problem);
  }

  @Override
  public Optional<String> delay() {
    return graph == null ? Optional.empty() : graph.delay();
  }

  @Override
  public VectorFieldStats stats() {
    int live = vectors.live();
    MemoryUse.Sum memory = new MemoryUse.Sum();
    memory.add(Component.MULTI, vectors.heapBytes(), vectors.fileBytes());
    if (graph == null) {
      return new VectorFieldStats(
          live,
          0,
          0,
          0,
          live == 0 ? 0 : 1,
          vectors.dataBytes(),
          VectorForms.NONE,
          memory.done(),
          0);
    }
    memory.add(Component.MULTI, graph.numbersHeapBytes(), graph.numbersFileBytes());
    VectorFieldStats ofRows = graph.stats();
    memory.add(ofRows.memory());
    long rows = graph.isComplete() ? ofRows.rows() : vectors.liveRows();
    double rowsEach = Math.max(1, (double) rows / Math.max(1, live));
    long linked = Math.min(live, (long) (ofRows.linkedRows() / rowsEach));
    long unlinked = Math.min(live, (long) Math.ceil(ofRows.unlinkedRows() / rowsEach));
    return new VectorFieldStats(
        live,
        0,
        linked,
        graph.isComplete() ? unlinked : live - linked,
        ofRows.segments(),
        vectors.dataBytes(),
        ofRows.forms(),
        memory.done(),
        ofRows.optionalBytes());
  }

  @Override
  public NamedVectors view() {
    RowGraphView found = graph == null || !graph.isComplete() ? null : graph.view();
    return new MultiVectors(vectors.view(), form, found, defaultEf, exactRows, maker.isPreferred());
  }

  @Override
  public FieldCheckpoint beginCheckpoint(boolean isFinal) {
    FieldCheckpoint stored = new ColumnFieldCheckpoint(name, vectors.beginCheckpoint());
    if (graph == null) {
      return stored;
    }
    boolean isComplete = graph.isComplete();
    return new JoinedCheckpoint(
        List.of(
            stored,
            new RowsCheckpoint(
                RowGraphMaker.rowsName(name, isComplete), graph.beginRowsCheckpoint(isFinal)),
            new ColumnFieldCheckpoint(
                RowGraphMaker.numbersName(name, isComplete), graph.beginNumbersCheckpoint())));
  }

  @Override
  public void close() {
    if (graph != null) {
      graph.close();
    }
    vectors.close();
  }
}
