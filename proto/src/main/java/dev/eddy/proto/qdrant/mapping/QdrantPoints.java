package dev.eddy.proto.qdrant.mapping;

import dev.eddy.model.collection.VectorRules;
import dev.eddy.model.collection.VectorRules.Problem;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.PointVectors;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.update.PointSelection;
import dev.eddy.proto.qdrant.DenseVector;
import dev.eddy.proto.qdrant.MultiDenseVector;
import dev.eddy.proto.qdrant.NamedVectors;
import dev.eddy.proto.qdrant.PointStruct;
import dev.eddy.proto.qdrant.PointsSelector;
import dev.eddy.proto.qdrant.WithPayloadSelector;
import dev.eddy.proto.qdrant.WithVectorsSelector;
import dev.eddy.text.inference.Purpose;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Points, ids, vectors and selectors as clients send them. Paths are named for messages. */
public final class QdrantPoints {
  private QdrantPoints() {}

  /**
   * An id; a UUID in any textual form.
   *
   * @param path what the request calls it
   */
  public static PointId id(dev.eddy.proto.qdrant.PointId message, String path) {
    Rules.checkKnownFlat(message, path);
    return switch (message.getPointIdOptionsCase()) {
      case NUM -> PointId.of(message.getNum());
      case UUID ->
          PointId.parseUuid(message.getUuid())
              .orElseThrow(() ->
                  EddyException.wrongInput(
                      "Unable to parse UUID: " + message.getUuid() + " (" + path + ")"));
      case POINTIDOPTIONS_NOT_SET -> throw Rules.unset(path);
    };
  }

  public static List<PointId> ids(List<dev.eddy.proto.qdrant.PointId> messages, String path) {
    List<PointId> ids = new ArrayList<>(messages.size());
    for (dev.eddy.proto.qdrant.PointId message : messages) {
      ids.add(id(message, path + "[" + ids.size() + "]"));
    }
    return ids;
  }

  public static List<Point> points(List<PointStruct> messages, String path) {
    List<Point> points = new ArrayList<>(messages.size());
    for (PointStruct message : messages) {
      String place = path + "[" + points.size() + "]";
      Rules.checkKnownFlat(message, place);
      if (!message.hasVectors()) {
        throw EddyException.wrongInput("Expected some vectors (" + place + ".vectors)");
      }
      points.add(
          new Point(
              id(message.getId(), place + ".id"),
              vectors(message.getVectors(), place + ".vectors"),
              QdrantValues.payload(message.getPayloadMap())));
    }
    return points;
  }

  public static List<PointVectors> pointVectors(
      List<dev.eddy.proto.qdrant.PointVectors> messages, String path) {
    List<PointVectors> points = new ArrayList<>(messages.size());
    for (dev.eddy.proto.qdrant.PointVectors message : messages) {
      String place = path + "[" + points.size() + "]";
      Rules.checkKnownFlat(message, place);
      points.add(
          new PointVectors(
              id(message.getId(), place + ".id"),
              vectors(message.getVectors(), place + ".vectors")));
    }
    return points;
  }

  public static Vectors vectors(dev.eddy.proto.qdrant.Vectors message, String path) {
    Rules.checkKnownFlat(message, path);
    return switch (message.getVectorsOptionsCase()) {
      case VECTOR ->
          new Vectors(Map.of(Vectors.UNNAMED, stored(message.getVector(), path + ".vector")));
      case VECTORS -> named(message.getVectors(), path + ".vectors");
      case VECTORSOPTIONS_NOT_SET -> throw Rules.unset(path);
    };
  }

  private static Vectors named(NamedVectors message, String path) {
    Rules.checkKnownFlat(message, path);
    Map<String, Vector> byName = LinkedHashMap.newLinkedHashMap(message.getVectorsCount());
    message
        .getVectorsMap()
        .forEach((name, vector) -> byName.put(name, stored(vector, path + "." + name)));
    return new Vectors(byName);
  }

  private static Vector stored(dev.eddy.proto.qdrant.Vector message, String path) {
    return vector(message, Purpose.STORED, path);
  }

  /**
   * One vector, also in the flat form of older clients.
   *
   * @param purpose what a document's vector is made for
   */
  @SuppressWarnings("deprecation") // Older clients still send the flat fields.
  static Vector vector(dev.eddy.proto.qdrant.Vector message, Purpose purpose, String path) {
    Rules.checkKnownFlat(message, path);
    return switch (message.getVectorCase()) {
      case DENSE -> {
        Rules.checkKnownFlat(message.getDense(), path + ".dense");
        yield checked(new Vector.Dense(floats(message.getDense())), path);
      }
      case SPARSE -> {
        Rules.checkKnownFlat(message.getSparse(), path + ".sparse");
        yield checked(
            sparse(message.getSparse().getIndicesList(), message.getSparse().getValuesList()),
            path);
      }
      case MULTI_DENSE -> checked(multi(message.getMultiDense(), path + ".multi_dense"), path);
      case DOCUMENT -> QdrantInference.vector(message.getDocument(), purpose, path + ".document");
      case IMAGE -> throw QdrantInference.refusal(message.getImage(), path + ".image");
      case OBJECT -> throw QdrantInference.refusal(message.getObject(), path + ".object");
      case VECTOR_NOT_SET -> {
        if (message.hasIndices()) {
          Rules.checkKnownFlat(message.getIndices(), path + ".indices");
          yield checked(sparse(message.getIndices().getDataList(), message.getDataList()), path);
        }
        if (message.hasVectorsCount()) {
          yield checked(rows(flat(message), message.getVectorsCount(), path), path);
        }
        yield checked(new Vector.Dense(flat(message)), path);
      }
    };
  }

  /** A sparse vector, unchecked. */
  static Vector.Sparse sparse(List<Integer> indices, List<Float> values) {
    int[] ints = new int[indices.size()];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = indices.get(i);
    }
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return new Vector.Sparse(ints, floats);
  }

  /** Rows of a multivector, unchecked. */
  static Vector.Multi multi(MultiDenseVector message, String path) {
    Rules.checkKnownFlat(message, path);
    float[][] rows = new float[message.getVectorsCount()][];
    for (int row = 0; row < rows.length; row++) {
      DenseVector each = message.getVectors(row);
      Rules.checkKnownFlat(each, path + ".vectors[" + row + "]");
      rows[row] = floats(each);
    }
    return new Vector.Multi(rows);
  }

  /** The flat form of a multivector in messages of older clients. */
  private static Vector.Multi rows(float[] flat, int count, String path) {
    if (count < 1 || flat.length % count != 0) {
      RuleBook.note(
          "%s.vectors_count: value %s invalid, must divide the %d floats of data"
              .formatted(path, Integer.toUnsignedString(count), flat.length));
      return new Vector.Multi(new float[1][1]);
    }
    int dimension = flat.length / count;
    float[][] rows = new float[count][dimension];
    for (int row = 0; row < count; row++) {
      System.arraycopy(flat, row * dimension, rows[row], 0, dimension);
    }
    return new Vector.Multi(rows);
  }

  /** The vector, after notes of the rules that it breaks. */
  private static <V extends Vector> V checked(V vector, String path) {
    for (Problem.BrokenRule broken : VectorRules.brokenRules(vector)) {
      // The question mark is of the untagged forms of JSON.
      RuleBook.note(path + broken.place().replace(".?", "") + ": " + broken.text());
    }
    return vector;
  }

  @SuppressWarnings("deprecation") // Older clients still send the flat fields.
  private static float[] flat(dev.eddy.proto.qdrant.Vector message) {
    float[] values = new float[message.getDataCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = message.getData(i);
    }
    return values;
  }

  /** The components, unchecked. */
  static float[] floats(DenseVector message) {
    float[] values = new float[message.getDataCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = message.getData(i);
    }
    return values;
  }

  /** Which points a write is about. */
  public static PointSelection selection(boolean present, PointsSelector message, String path) {
    if (!present) {
      throw EddyException.badRequest(
          "Either list of point ids or filter must be provided (" + path + ")");
    }
    Rules.checkKnown(message);
    return switch (message.getPointsSelectorOneOfCase()) {
      case POINTS ->
          new PointSelection.Ids(ids(message.getPoints().getIdsList(), path + ".points.ids"));
      case FILTER ->
          new PointSelection.Matching(QdrantFilters.filter(message.getFilter(), path + ".filter"));
      case POINTSSELECTORONEOF_NOT_SET -> throw Rules.unset(path);
    };
  }

  /**
   * Which part of the payload an answer carries.
   *
   * @param present whether the request has the selector
   * @param otherwise what is meant when it has not
   */
  public static PayloadSelector selector(
      boolean present, WithPayloadSelector message, PayloadSelector otherwise) {
    if (!present) {
      return otherwise;
    }
    return switch (message.getSelectorOptionsCase()) {
      case ENABLE -> PayloadSelector.of(message.getEnable());
      case INCLUDE -> new PayloadSelector.Include(paths(message.getInclude().getFieldsList()));
      case EXCLUDE -> new PayloadSelector.Exclude(paths(message.getExclude().getFieldsList()));
      case SELECTOROPTIONS_NOT_SET -> throw Rules.unset("with_payload");
    };
  }

  /** Which vectors an answer carries; none when the request has no selector. */
  public static VectorSelector selector(boolean present, WithVectorsSelector message) {
    if (!present) {
      return VectorSelector.None.NONE;
    }
    return switch (message.getSelectorOptionsCase()) {
      case ENABLE -> VectorSelector.of(message.getEnable());
      case INCLUDE -> new VectorSelector.Names(message.getInclude().getNamesList());
      case SELECTOROPTIONS_NOT_SET -> throw Rules.unset("with_vectors");
    };
  }

  static List<KeyPath> paths(List<String> texts) {
    return texts.stream().map(KeyPath::parse).toList();
  }
}
