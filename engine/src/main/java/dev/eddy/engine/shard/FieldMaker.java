package dev.eddy.engine.shard;

import dev.eddy.engine.checkpoint.CheckpointFolder;
import dev.eddy.engine.column.ColumnHome;
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
import dev.eddy.engine.sparse.SparseManifest;
import dev.eddy.engine.sparse.SparseSettings;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.SparseVectorParams;
import dev.eddy.model.collection.VectorParams;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the fields of a shard's vector names, of the form that the collection gives them. */
final class FieldMaker {
  private static final Logger log = LoggerFactory.getLogger(FieldMaker.class);
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
    VectorParams params = spec.vectors().get(name);
    if (params == null) {
      return new SparseNamedField(name, SparseField.create(sparse(name, spec, stem)));
    }
    RowForm form = form(params);
    if (params.multivector() != null) {
      MultiField vectors = inForm(multi(stem, params, form.metric()), form);
      return new MultiNamedField(
          name, vectors, form, now -> rowGraphs(name, now, stem), spec, null);
    }
    VectorField field =
        VectorField.create(DenseField.settings(name, spec, settings, stem), resources(name, spec));
    DenseField dense = dense(name, spec, field, form);
    return form.isReadFromElsewhere()
        ? new WholeNumberField(dense, multi(stem + WHOLE_STEM, params, Metric.DOT))
        : dense;
  }

  private MultiField multi(String stem, VectorParams params, Metric metric) {
    return MultiField.create(
        stem, params.size(), RowForm.keptType(params.type()), metric, home(params));
  }

  private static MultiField inForm(MultiField vectors, RowForm form) {
    if (form.isReadFromElsewhere()) {
      vectors.keepLengths();
    }
    return vectors;
  }

  private DenseField dense(String name, CollectionSpec spec, VectorField field, RowForm form) {
    DenseField dense = new DenseField(name, field, settings, segments.fused(), form);
    dense.configure(spec);
    return dense;
  }

  private RowGraphMaker rowGraphs(String name, CollectionSpec spec, String stem) {
    return new RowGraphMaker(
        files -> DenseField.settings(name, spec, settings, files),
        resources(name, spec),
        stem,
        settings.prefersRowGraphs());
  }

  private SegmentResources resources(String name, CollectionSpec spec) {
    return segments.with(FieldCodes.fused(name, spec, segments.fused()));
  }

  private static RowForm form(VectorParams params) {
    return RowForm.of(NamedField.metric(params.distance()), params.type(), params.size());
  }

  /** The field of a name as a checkpoint holds it. */
  NamedField restore(
      String name, CollectionSpec spec, CheckpointFolder.Found found, SlotTable slots)
      throws IOException {
    VectorParams params = spec.vectors().get(name);
    if (params == null) {
      SparseSettings sparse = sparse(name, spec, NamedField.stem(name));
      SparseField.Stored stored =
          new SparseField.Stored(
              folder(found),
              manifest(name, found, ColumnManifest::decode),
              sparseIndex(name, found));
      return new SparseNamedField(
          name, SparseField.restore(sparse, stored, slots.slots(), slots::isLive));
    }
    RowForm form = form(params);
    if (params.multivector() != null) {
      String stem = NamedField.stem(name);
      MultiField vectors = inForm(rows(name, stem, params, form.metric(), found, slots), form);
      RowGraph graph = graph(name, vectors, rowGraphs(name, spec, stem), found, slots);
      if (graph != null && isReadAhead(params)) {
        graph.readAhead();
      }
      return new MultiNamedField(
          name, vectors, form, now -> rowGraphs(name, now, stem), spec, graph);
    }
    MultiField whole =
        form.isReadFromElsewhere()
            ? rows(
                WholeNumberField.wholeName(name),
                NamedField.stem(name) + WHOLE_STEM,
                params,
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
    if (isReadAhead(params)) {
      field.readAhead();
    }
    DenseField dense = dense(name, spec, field, form);
    return whole == null ? dense : new WholeNumberField(dense, whole);
  }

  private SparseSettings sparse(String name, CollectionSpec spec, String stem) {
    return new SparseSettings(
        stem,
        segments.liveFolder(),
        segments.background(),
        !isReadAhead(spec.sparseVectors().get(name)),
        settings.sealedColumnBytes() / SparseSettings.ENTRY_BYTES,
        segments.buildPool().nanoClock(),
        segments.damage());
  }

  /** Whether files of vectors are read once, so that searches find them in memory. */
  static boolean isReadAhead(@Nullable VectorParams params) {
    return params == null || !params.isOnDisk();
  }

  /** The same of sparse vectors and their index. */
  static boolean isReadAhead(@Nullable SparseVectorParams params) {
    return params == null || !params.isIndexOnDisk();
  }

  private ColumnHome home(VectorParams params) {
    return new ColumnHome(
        segments.liveFolder(),
        segments.background(),
        isReadAhead(params),
        settings.sealedColumnBytes(),
        segments.buildPool().nanoClock(),
        segments.damage());
  }

  /** Nothing where an earlier build wrote none: the index is made from the vectors then. */
  private static SparseManifest sparseIndex(String name, CheckpointFolder.Found found)
      throws IOException {
    String key = SparseNamedField.indexName(name);
    return isStored(key, found)
        ? manifest(key, found, SparseManifest::decode)
        : SparseManifest.NONE;
  }

  private static boolean isStored(String name, CheckpointFolder.Found found) {
    return found.manifest().vectorFields().containsKey(name);
  }

  /** Null where the checkpoint holds none, or rows are not to be linked any more. */
  private @Nullable RowGraph graph(
      String name,
      MultiField vectors,
      RowGraphMaker graphs,
      CheckpointFolder.Found found,
      SlotTable slots)
      throws IOException {
    boolean isComplete = isStored(RowGraphMaker.rowsName(name, true), found);
    String rows = RowGraphMaker.rowsName(name, isComplete);
    if (!isStored(rows, found) || !graphs.restored().hasGraph()) {
      return null;
    }
    try {
      return RowGraph.restore(
          vectors,
          slots::isLive,
          graphs.restored(),
          graphs.resources(),
          folder(found),
          manifest(rows, found, VectorFieldManifest::decode),
          manifest(RowGraphMaker.numbersName(name, isComplete), found, ColumnManifest::decode),
          isComplete);
    } catch (CorruptFileException damaged) {
      log.error("event=row-graph-damaged vector={} effect=\"it is made again\"", name, damaged);
      return null;
    }
  }

  private MultiField rows(
      String name,
      String stem,
      VectorParams params,
      Metric metric,
      CheckpointFolder.Found found,
      SlotTable slots)
      throws IOException {
    return MultiField.restore(
        stem,
        params.size(),
        RowForm.keptType(params.type()),
        metric,
        home(params),
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
