package dev.eddy.proto.mapping;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.update.PointSelection;
import dev.eddy.proto.model.MultiMessage;
import dev.eddy.proto.model.NamedVectorMessage;
import dev.eddy.proto.model.PathsMessage;
import dev.eddy.proto.model.PayloadSelectorMessage;
import dev.eddy.proto.model.PointIdMessage;
import dev.eddy.proto.model.PointIdsMessage;
import dev.eddy.proto.model.PointSelectionMessage;
import dev.eddy.proto.model.SparseMessage;
import dev.eddy.proto.model.StoredPointMessage;
import dev.eddy.proto.model.VectorNamesMessage;
import dev.eddy.proto.model.VectorSelectorMessage;
import dev.eddy.proto.model.VectorsMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Points, ids, vectors and selectors as messages. A message that is not well formed fails with an
 * {@link IllegalArgumentException}.
 */
public final class PointMessages {
  private PointMessages() {}

  public static PointIdMessage id(PointId id) {
    return switch (id) {
      case PointId.Num number -> PointIdMessage.newBuilder().setNum(number.bits()).build();
      case PointId.Uuid uuid ->
          PointIdMessage.newBuilder().setUuid(Bytes.ofUuid(uuid.value())).build();
    };
  }

  public static PointId id(PointIdMessage message) {
    return switch (message.getIdCase()) {
      case NUM -> PointId.of(message.getNum());
      case UUID -> PointId.of(Bytes.uuid(message.getUuid()));
      case ID_NOT_SET -> throw unset("point id");
    };
  }

  public static PointIdsMessage ids(Iterable<PointId> ids) {
    PointIdsMessage.Builder builder = PointIdsMessage.newBuilder();
    ids.forEach(id -> builder.addIds(id(id)));
    return builder.build();
  }

  public static List<PointId> ids(PointIdsMessage message) {
    return message.getIdsList().stream().map(PointMessages::id).toList();
  }

  public static VectorsMessage vectors(Vectors vectors) {
    VectorsMessage.Builder builder = VectorsMessage.newBuilder();
    vectors.byName().forEach((name, vector) -> builder.addVectors(named(name, vector)));
    return builder.build();
  }

  public static Vectors vectors(VectorsMessage message) {
    return vectors(message.getVectorsList());
  }

  static Vectors vectors(List<NamedVectorMessage> messages) {
    if (messages.isEmpty()) {
      return Vectors.NONE;
    }
    Map<String, Vector> byName = new LinkedHashMap<>();
    for (NamedVectorMessage message : messages) {
      if (byName.put(message.getName(), vector(message)) != null) {
        throw new IllegalArgumentException("vector \"%s\" twice".formatted(message.getName()));
      }
    }
    return new Vectors(byName);
  }

  private static NamedVectorMessage named(String name, Vector vector) {
    NamedVectorMessage.Builder builder = NamedVectorMessage.newBuilder().setName(name);
    switch (vector) {
      case Vector.Dense dense -> builder.setDense(Bytes.ofFloats(dense.values()));
      case Vector.Sparse sparse -> builder.setSparse(sparse(sparse));
      case Vector.Multi multi -> builder.setMulti(multi(multi));
    }
    return builder.build();
  }

  private static Vector vector(NamedVectorMessage message) {
    return switch (message.getValueCase()) {
      case DENSE -> new Vector.Dense(Bytes.floats(message.getDense()));
      case SPARSE -> sparse(message.getSparse());
      case MULTI -> multi(message.getMulti());
      case VALUE_NOT_SET -> throw unset("vector \"" + message.getName() + "\"");
    };
  }

  public static SparseMessage sparse(Vector.Sparse sparse) {
    return SparseMessage.newBuilder()
        .setIndices(Bytes.ofInts(sparse.indices()))
        .setValues(Bytes.ofFloats(sparse.values()))
        .build();
  }

  public static Vector.Sparse sparse(SparseMessage message) {
    int[] indices = Bytes.ints(message.getIndices());
    float[] values = Bytes.floats(message.getValues());
    if (indices.length != values.length) {
      throw new IllegalArgumentException(
          "%d sparse indices, %d values".formatted(indices.length, values.length));
    }
    return new Vector.Sparse(indices, values);
  }

  public static MultiMessage multi(Vector.Multi multi) {
    float[][] rows = multi.rows();
    int columns = rows.length == 0 ? 0 : rows[0].length;
    float[] flat = new float[Math.multiplyExact(rows.length, columns)];
    for (int row = 0; row < rows.length; row++) {
      if (rows[row].length != columns) {
        throw new IllegalArgumentException(
            "row %d has %d values, row 0 has %d".formatted(row, rows[row].length, columns));
      }
      System.arraycopy(rows[row], 0, flat, row * columns, columns);
    }
    return MultiMessage.newBuilder().setRows(rows.length).setValues(Bytes.ofFloats(flat)).build();
  }

  public static Vector.Multi multi(MultiMessage message) {
    float[] flat = Bytes.floats(message.getValues());
    int count = message.getRows();
    if (count < 1 || flat.length % count != 0) {
      throw new IllegalArgumentException(
          "%d values are not in %d equal rows".formatted(flat.length, count));
    }
    int columns = flat.length / count;
    float[][] rows = new float[count][columns];
    for (int row = 0; row < count; row++) {
      System.arraycopy(flat, row * columns, rows[row], 0, columns);
    }
    return new Vector.Multi(rows);
  }

  /** The payload's text; nothing for an empty one. */
  public static ByteString payload(Payload payload) {
    return payload.isEmpty() ? ByteString.EMPTY : UnsafeByteOperations.unsafeWrap(payload.json());
  }

  public static Payload payload(ByteString bytes) {
    return bytes.isEmpty() ? Payload.EMPTY : new Payload(bytes.toByteArray());
  }

  public static StoredPointMessage stored(StoredPoint point) {
    StoredPointMessage.Builder builder =
        StoredPointMessage.newBuilder().setId(id(point.id())).setVersion(point.version());
    if (point.payload() != null) {
      builder.setPayload(payload(point.payload()));
    }
    if (point.vectors() != null) {
      builder.setVectors(vectors(point.vectors()));
    }
    return builder.build();
  }

  public static StoredPoint stored(StoredPointMessage message) {
    return new StoredPoint(
        id(message.getId()),
        message.getVersion(),
        message.hasPayload() ? payload(message.getPayload()) : null,
        message.hasVectors() ? vectors(message.getVectors()) : null);
  }

  public static PointSelectionMessage selection(PointSelection selection) {
    PointSelectionMessage.Builder builder = PointSelectionMessage.newBuilder();
    switch (selection) {
      case PointSelection.Ids ids -> builder.setIds(ids(ids.ids()));
      case PointSelection.Matching matching ->
          builder.setMatching(FilterMessages.filter(matching.filter()));
    }
    return builder.build();
  }

  public static PointSelection selection(PointSelectionMessage message) {
    return switch (message.getSelectionCase()) {
      case IDS -> new PointSelection.Ids(ids(message.getIds()));
      case MATCHING -> new PointSelection.Matching(FilterMessages.filter(message.getMatching()));
      case SELECTION_NOT_SET -> throw unset("point selection");
    };
  }

  public static PayloadSelectorMessage selector(PayloadSelector selector) {
    PayloadSelectorMessage.Builder builder = PayloadSelectorMessage.newBuilder();
    switch (selector) {
      case PayloadSelector.None ignored -> builder.setAll(false);
      case PayloadSelector.All ignored -> builder.setAll(true);
      case PayloadSelector.Include include -> builder.setInclude(paths(include.paths()));
      case PayloadSelector.Exclude exclude -> builder.setExclude(paths(exclude.paths()));
    }
    return builder.build();
  }

  public static PayloadSelector selector(PayloadSelectorMessage message) {
    return switch (message.getSelectorCase()) {
      case ALL -> PayloadSelector.of(message.getAll());
      case INCLUDE -> new PayloadSelector.Include(paths(message.getInclude()));
      case EXCLUDE -> new PayloadSelector.Exclude(paths(message.getExclude()));
      case SELECTOR_NOT_SET -> throw unset("payload selector");
    };
  }

  public static VectorSelectorMessage selector(VectorSelector selector) {
    VectorSelectorMessage.Builder builder = VectorSelectorMessage.newBuilder();
    switch (selector) {
      case VectorSelector.None ignored -> builder.setAll(false);
      case VectorSelector.All ignored -> builder.setAll(true);
      case VectorSelector.Names names ->
          builder.setNames(VectorNamesMessage.newBuilder().addAllNames(names.names()));
    }
    return builder.build();
  }

  public static VectorSelector selector(VectorSelectorMessage message) {
    return switch (message.getSelectorCase()) {
      case ALL -> VectorSelector.of(message.getAll());
      case NAMES -> new VectorSelector.Names(message.getNames().getNamesList());
      case SELECTOR_NOT_SET -> throw unset("vector selector");
    };
  }

  private static PathsMessage paths(List<KeyPath> paths) {
    PathsMessage.Builder builder = PathsMessage.newBuilder();
    paths.forEach(path -> builder.addPaths(path.text()));
    return builder.build();
  }

  private static List<KeyPath> paths(PathsMessage message) {
    return message.getPathsList().stream().map(KeyPath::parse).toList();
  }

  static IllegalArgumentException unset(String what) {
    return new IllegalArgumentException(what + " is not set");
  }
}
