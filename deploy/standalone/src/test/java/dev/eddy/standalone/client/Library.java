package dev.eddy.standalone.client;

import static io.qdrant.client.PointIdFactory.id;
import static io.qdrant.client.ValueFactory.list;
import static io.qdrant.client.ValueFactory.nullValue;
import static io.qdrant.client.ValueFactory.value;
import static io.qdrant.client.VectorFactory.multiVector;
import static io.qdrant.client.VectorFactory.vector;
import static io.qdrant.client.VectorsFactory.namedVectors;

import io.qdrant.client.grpc.Collections.CreateCollection;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.HnswConfigDiff;
import io.qdrant.client.grpc.Collections.MultiVectorConfig;
import io.qdrant.client.grpc.Collections.SparseVectorConfig;
import io.qdrant.client.grpc.Collections.SparseVectorParams;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.VectorParamsMap;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.PointStruct;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Six small points whose every score is known; {@code deploy/smoke/0001-python-client/library.py}
 * has the same.
 */
final class Library {
  static final PointId SIXTH = id(UUID.fromString("550e8400-e29b-41d4-a716-446655440000"));

  /** In the order of scrolling. */
  static final List<PointId> IDS = List.of(id(1), id(2), id(3), id(4), id(5), SIXTH);

  /** A point, with what its scores and its payload are checked against. */
  record Entry(
      PointId id,
      List<Float> plot,
      List<Integer> words,
      List<Float> weights,
      List<List<Float>> pages,
      Map<String, Value> payload) {

    private PointStruct point() {
      return PointStruct.newBuilder()
          .setId(id)
          .setVectors(
              namedVectors(
                  Map.of(
                      "plot", vector(plot),
                      "words", vector(weights, words),
                      "pages", multiVector(pages))))
          .putAllPayload(payload)
          .build();
    }
  }

  private static final List<Entry> ENTRIES =
      List.of(
          new Entry(
              id(1),
              List.of(1f, 0f, 0f),
              List.of(1, 5),
              List.of(1f, 2f),
              List.of(List.of(1f, 0f), List.of(0f, 1f)),
              Map.of(
                  "colour", value("red"),
                  "n", value(1),
                  "price", value(10.5),
                  "tags", list(List.of(value("a"), value("b"))),
                  "title", value("the quick brown fox"),
                  "place", value(Map.of("lon", value(13.4), "lat", value(52.5))))),
          new Entry(
              id(2),
              List.of(0f, 1f, 0f),
              List.of(2),
              List.of(1f),
              List.of(List.of(0.5f, 0.5f)),
              Map.of(
                  "colour",
                  value("green"),
                  "n",
                  value(2),
                  "price",
                  value(20.25),
                  "old",
                  value(true))),
          new Entry(
              id(3),
              List.of(0f, 0f, 1f),
              List.of(1),
              List.of(3f),
              List.of(List.of(0f, 3f)),
              Map.of("colour", value("red"), "n", value(3), "tags", list(List.of()))),
          new Entry(
              id(4),
              List.of(1f, 1f, 0f),
              List.of(5),
              List.of(1f),
              List.of(List.of(4f, 0f)),
              Map.of("colour", value("blue"), "n", value(4), "title", value("quick and slow"))),
          new Entry(
              id(5),
              List.of(0f, 1f, 1f),
              List.of(2, 5),
              List.of(2f, 0.5f),
              List.of(List.of(2.5f, 2.5f), List.of(0f, 0.5f)),
              Map.of("colour", value("green"), "n", value(5), "gone", nullValue())),
          new Entry(
              SIXTH,
              List.of(1f, 1f, 1f),
              List.of(7),
              List.of(1f),
              List.of(List.of(6f, 0f)),
              Map.of("colour", value("red"), "n", value(6), "price", value(-1.5))));

  private Library() {}

  static List<PointStruct> points() {
    return ENTRIES.stream().map(Entry::point).toList();
  }

  static Map<String, Value> payload(PointId id) {
    return entry(id).payload;
  }

  /** The payload's number of the point. */
  static long number(PointId id) {
    return payload(id).getOrDefault("n", nullValue()).getIntegerValue();
  }

  private static Entry entry(PointId id) {
    return ENTRIES.stream().filter(entry -> entry.id.equals(id)).findFirst().orElseThrow();
  }

  static float product(PointId one, PointId other) {
    List<Float> a = entry(one).plot;
    List<Float> b = entry(other).plot;
    float sum = 0;
    for (int i = 0; i < a.size(); i++) {
      sum += a.get(i) * b.get(i);
    }
    return sum;
  }

  static CreateCollection settings(String name) {
    VectorParamsMap vectors =
        VectorParamsMap.newBuilder()
            .putMap("plot", dot(3).build())
            .putMap(
                "pages",
                dot(2).setMultivectorConfig(MultiVectorConfig.getDefaultInstance()).build())
            .build();
    return CreateCollection.newBuilder()
        .setCollectionName(name)
        .setVectorsConfig(VectorsConfig.newBuilder().setParamsMap(vectors))
        .setSparseVectorsConfig(
            SparseVectorConfig.newBuilder()
                .putMap("words", SparseVectorParams.getDefaultInstance()))
        .setShardNumber(2)
        .setHnswConfig(HnswConfigDiff.newBuilder().setM(8).setEfConstruct(64))
        .putMetadata("shelf", value(7))
        .build();
  }

  static VectorParams.Builder dot(int size) {
    return VectorParams.newBuilder().setSize(size).setDistance(Distance.Dot);
  }
}
