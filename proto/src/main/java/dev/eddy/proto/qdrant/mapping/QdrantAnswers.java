package dev.eddy.proto.qdrant.mapping;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.query.DistanceMatrix;
import dev.eddy.model.query.OrderValue;
import dev.eddy.model.query.PointGroup;
import dev.eddy.model.query.ScoredPoint;
import dev.eddy.proto.qdrant.CollectionConfig;
import dev.eddy.proto.qdrant.CollectionParams;
import dev.eddy.proto.qdrant.DenseVector;
import dev.eddy.proto.qdrant.FacetHit;
import dev.eddy.proto.qdrant.FacetValue;
import dev.eddy.proto.qdrant.GroupId;
import dev.eddy.proto.qdrant.GroupsResult;
import dev.eddy.proto.qdrant.MultiDenseVector;
import dev.eddy.proto.qdrant.MultiVectorComparator;
import dev.eddy.proto.qdrant.MultiVectorConfig;
import dev.eddy.proto.qdrant.NamedVectorsOutput;
import dev.eddy.proto.qdrant.PayloadStorageParams;
import dev.eddy.proto.qdrant.RetrievedPoint;
import dev.eddy.proto.qdrant.SearchMatrixOffsets;
import dev.eddy.proto.qdrant.SearchMatrixPair;
import dev.eddy.proto.qdrant.SearchMatrixPairs;
import dev.eddy.proto.qdrant.SparseVector;
import dev.eddy.proto.qdrant.UpdateResult;
import dev.eddy.proto.qdrant.UpdateStatus;
import dev.eddy.proto.qdrant.VectorOutput;
import dev.eddy.proto.qdrant.VectorParams;
import dev.eddy.proto.qdrant.VectorParamsMap;
import dev.eddy.proto.qdrant.VectorsConfig;
import dev.eddy.proto.qdrant.VectorsOutput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Domain objects as clients get them. */
public final class QdrantAnswers {
  private QdrantAnswers() {}

  public static dev.eddy.proto.qdrant.PointId id(PointId id) {
    dev.eddy.proto.qdrant.PointId.Builder builder = dev.eddy.proto.qdrant.PointId.newBuilder();
    return switch (id) {
      case PointId.Num number -> builder.setNum(number.bits()).build();
      case PointId.Uuid uuid -> builder.setUuid(uuid.toString()).build();
    };
  }

  public static dev.eddy.proto.qdrant.ScoredPoint scored(ScoredPoint point) {
    dev.eddy.proto.qdrant.ScoredPoint.Builder builder =
        dev.eddy.proto.qdrant.ScoredPoint.newBuilder()
            .setId(id(point.id()))
            .setVersion(point.version())
            .setScore(point.score());
    if (point.payload() != null) {
      builder.putAllPayload(QdrantValues.members(point.payload()));
    }
    if (point.vectors() != null) {
      builder.setVectors(vectors(point.vectors()));
    }
    Given.set(point.order(), order -> builder.setOrderValue(order(order)));
    return builder.build();
  }

  private static dev.eddy.proto.qdrant.OrderValue order(OrderValue order) {
    dev.eddy.proto.qdrant.OrderValue.Builder builder =
        dev.eddy.proto.qdrant.OrderValue.newBuilder();
    return switch (order) {
      case OrderValue.Whole(long value) -> builder.setInt(value).build();
      case OrderValue.Real(double value) -> builder.setFloat(value).build();
    };
  }

  public static RetrievedPoint retrieved(StoredPoint point) {
    return retrieved(point, null);
  }

  /**
   * A point read back.
   *
   * @param order the value it is ordered by, or null
   */
  public static RetrievedPoint retrieved(StoredPoint point, @Nullable OrderValue order) {
    RetrievedPoint.Builder builder = RetrievedPoint.newBuilder().setId(id(point.id()));
    if (point.payload() != null) {
      builder.putAllPayload(QdrantValues.members(point.payload()));
    }
    if (point.vectors() != null) {
      builder.setVectors(vectors(point.vectors()));
    }
    Given.set(order, value -> builder.setOrderValue(order(value)));
    return builder.build();
  }

  public static GroupsResult groups(List<PointGroup> groups) {
    GroupsResult.Builder result = GroupsResult.newBuilder();
    for (PointGroup group : groups) {
      dev.eddy.proto.qdrant.PointGroup.Builder builder =
          dev.eddy.proto.qdrant.PointGroup.newBuilder().setId(groupId(group.value()));
      group.hits().forEach(hit -> builder.addHits(scored(hit)));
      Given.set(group.lookup(), point -> builder.setLookup(retrieved(point)));
      result.addGroups(builder);
    }
    return result.build();
  }

  private static GroupId groupId(JsonValue value) {
    GroupId.Builder builder = GroupId.newBuilder();
    return switch (value) {
      case JsonValue.JsonLong(long whole) when whole >= 0 ->
          builder.setUnsignedValue(whole).build();
      case JsonValue.JsonLong(long whole) -> builder.setIntegerValue(whole).build();
      case JsonValue.JsonUnsigned(long bits) -> builder.setUnsignedValue(bits).build();
      case JsonValue.JsonString(String text) -> builder.setStringValue(text).build();
      default -> throw new IllegalArgumentException("no value of a group: " + value);
    };
  }

  public static FacetHit facet(dev.eddy.model.query.FacetHit hit) {
    FacetValue.Builder value = FacetValue.newBuilder();
    switch (hit.value()) {
      case JsonValue.JsonString(String text) -> value.setStringValue(text);
      case JsonValue.JsonLong(long whole) -> value.setIntegerValue(whole);
      case JsonValue.JsonBoolean(boolean flag) -> value.setBoolValue(flag);
      default -> throw new IllegalArgumentException("no value of a facet: " + hit.value());
    }
    return FacetHit.newBuilder().setValue(value).setCount(hit.count()).build();
  }

  /** One message per cell. */
  public static SearchMatrixPairs pairs(DistanceMatrix matrix) {
    SearchMatrixPairs.Builder pairs = SearchMatrixPairs.newBuilder();
    for (DistanceMatrix.Cell cell : matrix.cells()) {
      pairs.addPairs(
          SearchMatrixPair.newBuilder()
              .setA(id(matrix.ids().get(cell.row())))
              .setB(id(matrix.ids().get(cell.column())))
              .setScore(cell.score()));
    }
    return pairs.build();
  }

  /** A list per coordinate. */
  public static SearchMatrixOffsets offsets(DistanceMatrix matrix) {
    SearchMatrixOffsets.Builder offsets = SearchMatrixOffsets.newBuilder();
    for (DistanceMatrix.Cell cell : matrix.cells()) {
      offsets.addOffsetsRow(cell.row()).addOffsetsCol(cell.column()).addScores(cell.score());
    }
    matrix.ids().forEach(each -> offsets.addIds(id(each)));
    return offsets.build();
  }

  /** The unnamed vector by itself, or all of them by name. */
  public static VectorsOutput vectors(Vectors vectors) {
    VectorsOutput.Builder builder = VectorsOutput.newBuilder();
    Vector unnamed = vectors.byName().get(Vectors.UNNAMED);
    if (unnamed != null && vectors.byName().size() == 1) {
      return builder.setVector(vector(unnamed)).build();
    }
    NamedVectorsOutput.Builder named = NamedVectorsOutput.newBuilder();
    vectors.byName().forEach((name, vector) -> named.putVectors(name, vector(vector)));
    return builder.setVectors(named).build();
  }

  private static VectorOutput vector(Vector vector) {
    VectorOutput.Builder builder = VectorOutput.newBuilder();
    switch (vector) {
      case Vector.Dense dense -> builder.setDense(dense(dense.values()));
      case Vector.Sparse sparse -> builder.setSparse(sparse(sparse));
      case Vector.Multi multi -> {
        MultiDenseVector.Builder rows = MultiDenseVector.newBuilder();
        for (float[] row : multi.rows()) {
          rows.addVectors(dense(row));
        }
        builder.setMultiDense(rows);
      }
    }
    return builder.build();
  }

  private static DenseVector dense(float[] values) {
    DenseVector.Builder builder = DenseVector.newBuilder();
    for (float value : values) {
      builder.addData(value);
    }
    return builder.build();
  }

  private static SparseVector sparse(Vector.Sparse sparse) {
    SparseVector.Builder builder = SparseVector.newBuilder();
    for (int index : sparse.indices()) {
      builder.addIndices(index);
    }
    for (float value : sparse.values()) {
      builder.addValues(value);
    }
    return builder.build();
  }

  public static UpdateResult update(long operationId, UpdateStatus status) {
    return UpdateResult.newBuilder().setOperationId(operationId).setStatus(status).build();
  }

  /** A collection's configuration as it is shown. */
  public static CollectionConfig config(CollectionSpec spec) {
    CollectionConfig.Builder builder =
        CollectionConfig.newBuilder()
            .setParams(params(spec))
            .setHnswConfig(QdrantSettings.hnsw(spec.hnsw()))
            .setOptimizerConfig(QdrantSettings.optimizers(spec.optimizers()))
            .setWalConfig(QdrantSettings.wal(spec.wal()));
    Given.set(
        spec.quantization(),
        quantization -> builder.setQuantizationConfig(QdrantQuantization.config(quantization)));
    Given.set(
        spec.strictMode(), limits -> builder.setStrictModeConfig(QdrantStrictMode.config(limits)));
    Given.set(spec.metadata(), metadata -> builder.putAllMetadata(QdrantValues.members(metadata)));
    return builder.build();
  }

  @SuppressWarnings("deprecation") // on_disk_payload is shown back as it was given.
  private static CollectionParams params(CollectionSpec spec) {
    CollectionParams.Builder builder =
        CollectionParams.newBuilder()
            .setShardNumber(spec.shardNumber())
            .setOnDiskPayload(spec.onDiskPayload())
            .setReplicationFactor(spec.replicationFactor())
            .setWriteConsistencyFactor(spec.writeConsistencyFactor())
            .setVectorsConfig(vectorsConfig(spec));
    if (!spec.sparseVectors().isEmpty()) {
      builder.setSparseVectorsConfig(QdrantSparse.config(spec.sparseVectors()));
    }
    Given.set(spec.readFanOutFactor(), builder::setReadFanOutFactor);
    Given.set(spec.readFanOutDelayMs(), builder::setReadFanOutDelayMs);
    Given.set(
        spec.payloadMemory(),
        word ->
            builder.setPayload(
                PayloadStorageParams.newBuilder().setMemory(QdrantSettings.memory(word))));
    return builder.build();
  }

  private static VectorsConfig vectorsConfig(CollectionSpec spec) {
    dev.eddy.model.collection.VectorParams unnamed = spec.vectors().get(Vectors.UNNAMED);
    if (unnamed != null && spec.vectors().size() == 1) {
      return VectorsConfig.newBuilder().setParams(vector(unnamed)).build();
    }
    VectorParamsMap.Builder map = VectorParamsMap.newBuilder();
    spec.vectors().forEach((name, params) -> map.putMap(name, vector(params)));
    return VectorsConfig.newBuilder().setParamsMap(map).build();
  }

  @SuppressWarnings("deprecation") // on_disk is shown back as it was given.
  private static VectorParams vector(dev.eddy.model.collection.VectorParams params) {
    VectorParams.Builder builder =
        VectorParams.newBuilder().setSize(params.size()).setDistance(distance(params.distance()));
    Given.set(params.hnsw(), hnsw -> builder.setHnswConfig(QdrantSettings.hnsw(hnsw)));
    Given.set(params.onDisk(), builder::setOnDisk);
    Given.set(params.memory(), word -> builder.setMemory(QdrantSettings.memory(word)));
    Given.set(params.datatype(), word -> builder.setDatatype(QdrantSparse.datatype(word)));
    Given.set(
        params.multivector(),
        comparator ->
            builder.setMultivectorConfig(
                MultiVectorConfig.newBuilder()
                    .setComparator(
                        switch (comparator) {
                          case MAX_SIM -> MultiVectorComparator.MaxSim;
                        })));
    Given.set(
        params.quantization(),
        quantization -> builder.setQuantizationConfig(QdrantQuantization.config(quantization)));
    return builder.build();
  }

  private static dev.eddy.proto.qdrant.Distance distance(Distance distance) {
    return switch (distance) {
      case COSINE -> dev.eddy.proto.qdrant.Distance.Cosine;
      case EUCLID -> dev.eddy.proto.qdrant.Distance.Euclid;
      case DOT -> dev.eddy.proto.qdrant.Distance.Dot;
      case MANHATTAN -> dev.eddy.proto.qdrant.Distance.Manhattan;
    };
  }
}
