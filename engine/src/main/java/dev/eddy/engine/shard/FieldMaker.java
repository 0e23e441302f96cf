package dev.eddy.engine.shard;

import dev.eddy.engine.checkpoint.CheckpointFolder;
import dev.eddy.engine.column.ColumnManifest;
import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.multi.MultiField;
import dev.eddy.engine.multi.RowGraph;
import dev.eddy.engine.points.SlotTable;
import dev.eddy.engine.search.RowForm;
import dev.eddy.engine.segment.SegmentResources;
import dev.eddy.engine.segment.VectorField;
import dev.eddy.engine.segment.VectorFieldManifest;
import dev.eddy.engine.sparse.SparseField;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.VectorParams;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes the fields of a shard's vector names, of the form that the collection gives them. */
final class FieldMaker {
  private static final String WHOLE_STEM = "-whole";

  private final ShardSettings settings;
  private final SegmentResources segments;

  FieldMaker(ShardSettings settings, SegmentResources segments) {
    this.settings = settings;
    this.segments = segments;
  }

  /**
   * An empty field for a name of the collection.
   *
   * @param stem of its files, which no other field of this process has had
   */
  NamedField create(String name, CollectionSpec spec, String stem) {
    Path live = segments.liveFolder();
    VectorParams params = spec.vectors().get(name);
    if (params == null) {
      return new SparseNamedField(name, SparseField.create(stem, live));
    }
    RowForm form = form(params);
    if (params.multivector() != null) {
      MultiField vectors = MultiField.create(stem, params.size(), form.metric(), live);
      return multi(name, spec, vectors, form, rowGraphs(name, spec, stem), null);
    }
    VectorField field =
        VectorField.create(DenseField.settings(name, spec, settings, stem), resources(name, spec));
    DenseField dense = new DenseField(name, field, spec.hnswOf(name).efConstruct(), form);
    dense.configure(spec);
    return form.isReadFromElsewhere()
        ? new WholeNumberField(
            dense, MultiField.create(stem + WHOLE_STEM, params.size(), Metric.DOT, live))
        : dense;
  }

  private static MultiNamedField multi(
      String name,
      CollectionSpec spec,
      MultiField vectors,
      RowForm form,
      RowGraphMaker graphs,
      @Nullable RowGraph graph) {
    int defaultEf = spec.hnswOf(name).efConstruct();
    MultiNamedField field = new MultiNamedField(name, vectors, form, graphs, defaultEf, graph);
    field.configure(spec);
    return field;
  }

  private RowGraphMaker rowGraphs(String name, CollectionSpec spec, String stem) {
    return new RowGraphMaker(
        files -> DenseField.settings(name, spec, settings, files), resources(name, spec), stem);
  }

  private SegmentResources resources(String name, CollectionSpec spec) {
    return segments.with(FieldCodes.fused(name, spec, segments.fused()));
  }

  private static RowForm form(VectorParams params) {
    return new RowForm(NamedField.metric(params.distance()), params.type());
  }

  /** The field of a name as a checkpoint holds it. */
  NamedField restore(
      String name, CollectionSpec spec, CheckpointFolder.Found found, SlotTable slots)
      throws IOException {
    VectorParams params = spec.vectors().get(name);
    if (params == null) {
      ColumnManifest manifest = manifest(name, found, ColumnManifest::decode);
      return new SparseNamedField(
          name,
          SparseField.restore(
              NamedField.stem(name),
              segments.liveFolder(),
              folder(found),
              manifest,
              slots.slots(),
              slots::isLive));
    }
    RowForm form = form(params);
    if (params.multivector() != null) {
      MultiField vectors =
          rows(name, NamedField.stem(name), params.size(), form.metric(), found, slots);
      RowGraphMaker graphs = rowGraphs(name, spec, NamedField.stem(name));
      return multi(name, spec, vectors, form, graphs, graph(name, vectors, graphs, found, slots));
    }
    MultiField whole =
        form.isReadFromElsewhere()
            ? rows(
                WholeNumberField.wholeName(name),
                NamedField.stem(name) + WHOLE_STEM,
                params.size(),
                Metric.DOT,
                found,
                slots)
            : null;
    VectorField field =
        VectorField.restore(
            DenseField.settings(name, spec, settings, NamedField.stem(name)),
            resources(name, spec),
            folder(found),
            manifest(name, found, VectorFieldManifest::decode));
    DenseField dense = new DenseField(name, field, spec.hnswOf(name).efConstruct(), form);
    dense.configure(spec);
    return whole == null ? dense : new WholeNumberField(dense, whole);
  }

  /** Null where the checkpoint holds none, or rows are not to be linked any more. */
  private @Nullable RowGraph graph(
      String name,
      MultiField vectors,
      RowGraphMaker graphs,
      CheckpointFolder.Found found,
      SlotTable slots)
      throws IOException {
    String rows = RowGraphMaker.rowsName(name);
    if (!found.manifest().vectorFields().containsKey(rows) || !graphs.restored().hasGraph()) {
      return null;
    }
    return RowGraph.restore(
        vectors,
        slots::isLive,
        graphs.restored(),
        graphs.resources(),
        folder(found),
        manifest(rows, found, VectorFieldManifest::decode),
        manifest(RowGraphMaker.numbersName(name), found, ColumnManifest::decode));
  }

  private MultiField rows(
      String name,
      String stem,
      int dimension,
      Metric metric,
      CheckpointFolder.Found found,
      SlotTable slots)
      throws IOException {
    return MultiField.restore(
        stem,
        dimension,
        metric,
        segments.liveFolder(),
        folder(found),
        manifest(name, found, ColumnManifest::decode),
        slots::isLive);
  }

  private static Path folder(CheckpointFolder.Found found) {
    return found.folder().resolve(Checkpointer.VECTORS);
  }

  private static <M> M manifest(
      String name, CheckpointFolder.Found found, Function<byte[], M> decode) throws IOException {
    byte[] encoded = found.manifest().vectorFields().get(name);
    if (encoded == null) {
      throw new CorruptFileException(found.folder(), 0, "vector field '" + name + "'", "none");
    }
    try {
      return decode.apply(encoded);
    } catch (IllegalArgumentException e) {
      throw new CorruptFileException(
          found.folder(), 0, "vector field '" + name + "'", e.toString());
    }
  }
}
