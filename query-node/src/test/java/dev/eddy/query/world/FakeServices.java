package dev.eddy.query.world;

import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.CollectionAdmin;
import dev.eddy.model.cluster.CollectionAdmin.AliasAction;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.ShardReport;
import dev.eddy.model.cluster.Placement.ReplicaState;
import dev.eddy.model.cluster.QuotaConfig;
import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Declaration;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.query.DistanceMatrix;
import dev.eddy.model.query.FacetHit;
import dev.eddy.model.query.FacetQuery;
import dev.eddy.model.query.GroupQuery;
import dev.eddy.model.query.MatrixQuery;
import dev.eddy.model.query.PointGroup;
import dev.eddy.model.query.PointQuery;
import dev.eddy.model.query.ReadOptions;
import dev.eddy.model.query.ReadToken;
import dev.eddy.model.query.ScoredPoint;
import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.shard.StorageBytes;
import dev.eddy.model.shard.VectorForms;
import dev.eddy.model.update.Update;
import dev.eddy.model.usage.FilterPlans;
import dev.eddy.model.usage.PlanSums;
import dev.eddy.query.collection.CollectionAlias;
import dev.eddy.query.collection.CollectionInfo;
import dev.eddy.query.collection.CollectionMemory;
import dev.eddy.query.collection.CollectionSearches;
import dev.eddy.query.collection.CollectionService;
import dev.eddy.query.collection.CollectionShards;
import dev.eddy.query.grpc.GrpcEdge;
import dev.eddy.query.grpc.GrpcSettings;
import dev.eddy.query.metrics.RequestMetrics;
import dev.eddy.query.metrics.ResponseCount;
import dev.eddy.query.quota.Quotas;
import dev.eddy.query.read.Answer;
import dev.eddy.query.read.Coverage;
import dev.eddy.query.read.ReadService;
import dev.eddy.query.read.ScrollPage;
import dev.eddy.query.read.ScrollQuery;
import dev.eddy.query.rest.RestEdge;
import dev.eddy.query.rest.RestSettings;
import dev.eddy.query.service.ClusterStatus;
import dev.eddy.query.service.ClusterStatus.Replica;
import dev.eddy.query.service.NodeService;
import dev.eddy.query.write.WriteOptions;
import dev.eddy.query.write.WriteResult;
import dev.eddy.query.write.WriteService;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Services that remember what they were asked as text and answer from two fixed points of a
 * collection {@code words}. Every other collection name is unknown, {@code broken} fails.
 */
public final class FakeServices
    implements WriteService, ReadService, CollectionService, CollectionAdmin, RequestMetrics {
  public static final UUID COLLECTION_ID = UUID.fromString("11111111-2222-3333-4444-555555555555");
  public static final UUID POINT_UUID = UUID.fromString("550e8400-e29b-41d4-a716-446655440000");

  public final Queue<String> asked = new ConcurrentLinkedQueue<>();
  public final Queue<String> measured = new ConcurrentLinkedQueue<>();
  public final Queue<Limit> refused = new ConcurrentLinkedQueue<>();
  public volatile boolean ready = true;
  public volatile Runnable beforeRead = () -> {};

  public final FakeResources resources = new FakeResources();

  private final FakeView view = new FakeView();
  private final NodeService node =
      new NodeService(
          this,
          this,
          new Quotas(view, "n1", this, resources, System::nanoTime),
          resources,
          () -> ready,
          FakeServices::status);
  private final Map<String, CollectionSpec> specs = new TreeMap<>();
  private long nextOffset;

  public FakeServices() {
    reset();
  }

  /** Forgets everything that was asked and made. */
  public synchronized void reset() {
    asked.clear();
    measured.clear();
    refused.clear();
    nextOffset = 7;
    view.quotas(QuotaConfig.NONE);
    specs.clear();
    specs.put("words", CollectionSpec.of(Map.of("", VectorParams.of(2, Distance.COSINE))));
  }

  /** A REST edge on these services; the caller closes it. */
  public RestEdge rest(RestSettings settings) {
    return RestEdge.start(settings, this, this, this, this, node);
  }

  /** A gRPC edge on these services; the caller closes it. */
  public GrpcEdge grpc(GrpcSettings settings) {
    return GrpcEdge.start(settings, this, this, this, this, node);
  }

  /** Operators' questions, answered from these services. */
  public NodeService node() {
    return node;
  }

  private static ClusterStatus status() {
    ShardReport report =
        new ShardReport(
            new ShardId(COLLECTION_ID, 1, 0),
            "SERVING",
            20,
            22,
            1_500,
            2,
            "abc",
            List.of(),
            "full");
    return new ClusterStatus(
        new ClusterState.Leader(3, "n1", 7, 5),
        List.of(
            new NodeReport(
                "n1",
                7,
                Set.of(NodeReport.Role.QUERY, NodeReport.Role.INDEX),
                "n1:7000",
                null,
                17,
                List.of(report),
                null)),
        List.of(
            new ClusterStatus.Collection(
                "words",
                1,
                "eddy.words.g1.log",
                1_234,
                List.of(
                    List.of(
                        new Replica("n1", ReplicaState.READING, report),
                        new Replica("n2", ReplicaState.JOINING, null)),
                    List.of()))),
        new ClusterStatus.Inbox("eddy.points", 9, 8, 7, 6, 5, 4, 3, 2));
  }

  @Override
  public void restRefused(Limit limit) {
    refused.add(limit);
  }

  @Override
  public void grpcRefused(Limit limit) {
    refused.add(limit);
  }

  /** What was asked last. */
  public String lastAsked() {
    List<String> all = new ArrayList<>(asked);
    return all.isEmpty() ? "" : all.getLast();
  }

  private void known(String collection) {
    if (collection.equals("broken")) {
      throw new IllegalStateException("on purpose");
    }
    if (!specs.containsKey(collection)) {
      throw EddyException.notFound("Collection `" + collection + "` doesn't exist!");
    }
  }

  private static List<StoredPoint> points() {
    return List.of(
        new StoredPoint(
            PointId.of(1),
            7,
            new Payload("{\"city\":\"Rome\",\"n\":1.0}".getBytes(StandardCharsets.UTF_8)),
            Vectors.unnamed(0.6f, 0.8f)),
        new StoredPoint(
            PointId.of(POINT_UUID),
            8,
            Payload.EMPTY,
            new Vectors(Map.of("image", new Vector.Dense(new float[] {1e-7f, 1e10f})))));
  }

  private static StoredPoint selected(
      StoredPoint point, PayloadSelector payload, VectorSelector vectors) {
    return new StoredPoint(
        point.id(),
        point.version(),
        payload == PayloadSelector.None.NONE ? null : point.payload(),
        vectors == VectorSelector.None.NONE ? null : point.vectors());
  }

  private static <T> Answer<T> covered(T value) {
    return new Answer<>(value, new Coverage(COLLECTION_ID, 1, Map.of(0, 17L, 1, 20L), 2, 2));
  }

  @Override
  public WriteResult write(String collection, Update update, WriteOptions options) {
    asked.add("write " + collection + " " + update + " " + options);
    known(collection);
    return result(options);
  }

  private synchronized WriteResult result(WriteOptions options) {
    long offset = nextOffset++;
    WriteResult.Status status =
        options.awaitApplied() ? WriteResult.Status.COMPLETED : WriteResult.Status.ACKNOWLEDGED;
    return new WriteResult(
        offset, status, new ReadToken(COLLECTION_ID, 1, new TreeMap<>(Map.of(0, offset))));
  }

  @Override
  public List<WriteResult> writeBatch(
      String collection, List<Update> updates, WriteOptions options) {
    return updates.stream().map(update -> write(collection, update, options)).toList();
  }

  @Override
  public WriteResult declare(String collection, Declaration declaration, WriteOptions options) {
    asked.add("declare " + collection + " " + declaration + " " + options);
    known(collection);
    if (declaration instanceof Declaration.DeclareField(KeyPath field, FieldIndex index)) {
      Map<String, FieldIndex> indexes = new TreeMap<>(spec(collection).payloadIndexes());
      indexes.put(field.text(), index);
      specs.put(collection, spec(collection).withPayloadIndexes(indexes));
    }
    return result(options);
  }

  private CollectionSpec spec(String collection) {
    return specs.getOrDefault(collection, CollectionSpec.of(Map.of()));
  }

  @Override
  public Answer<List<StoredPoint>> retrieve(
      String collection,
      List<PointId> ids,
      PayloadSelector payload,
      VectorSelector vectors,
      ReadOptions options) {
    beforeRead.run();
    asked.add("retrieve " + ids + " " + payload + " " + vectors + " " + options);
    known(collection);
    return covered(
        points().stream()
            .filter(point -> ids.contains(point.id()))
            .map(point -> selected(point, payload, vectors))
            .toList());
  }

  @Override
  public Answer<ScrollPage> scroll(String collection, ScrollQuery query, ReadOptions options) {
    asked.add("scroll " + query + " " + options);
    known(collection);
    List<StoredPoint> page =
        points().stream()
            .limit(query.limit())
            .map(point -> selected(point, query.payload(), query.vectors()))
            .toList();
    return covered(
        new ScrollPage(
            page, page.size() < points().size() ? points().get(page.size()).id() : null));
  }

  @Override
  public Answer<Long> count(
      String collection, @Nullable Filter filter, boolean exact, ReadOptions options) {
    asked.add("count " + filter + " " + exact + " " + options);
    known(collection);
    return covered(2L);
  }

  @Override
  public Answer<List<List<ScoredPoint>>> query(
      String collection, List<PointQuery> queries, ReadOptions options) {
    asked.add("query " + queries + " " + options);
    known(collection);
    return covered(
        queries.stream()
            .map(query ->
                points().stream()
                    .map(point -> selected(point, query.payload(), query.vectors()))
                    .map(point ->
                        new ScoredPoint(
                            point.id(),
                            point.version(),
                            0.1f * point.version(),
                            point.payload(),
                            point.vectors()))
                    .toList())
            .toList());
  }

  @Override
  public Answer<List<PointGroup>> groups(String collection, GroupQuery query, ReadOptions options) {
    asked.add("groups " + query + " " + options);
    known(collection);
    StoredPoint point = points().getFirst();
    ScoredPoint hit = new ScoredPoint(point.id(), 7, 0.5f, null, null);
    return covered(
        List.of(
            new PointGroup(new JsonValue.JsonString("Rome"), List.of(hit), point),
            new PointGroup(new JsonValue.JsonLong(-3), List.of(hit), null)));
  }

  @Override
  public Answer<List<FacetHit>> facet(String collection, FacetQuery query, ReadOptions options) {
    asked.add("facet " + query + " " + options);
    known(collection);
    return covered(
        List.of(
            new FacetHit(new JsonValue.JsonString("Rome"), 5),
            new FacetHit(new JsonValue.JsonBoolean(true), 2)));
  }

  @Override
  public Answer<DistanceMatrix> matrix(String collection, MatrixQuery query, ReadOptions options) {
    asked.add("matrix " + query + " " + options);
    known(collection);
    return covered(
        new DistanceMatrix(
            List.of(PointId.of(1), PointId.of(POINT_UUID)),
            List.of(new DistanceMatrix.Cell(0, 1, 0.5f), new DistanceMatrix.Cell(1, 0, 0.5f))));
  }

  @Override
  public void create(String name, CollectionSpec spec, Duration timeout) {
    asked.add("create " + name + " " + spec + " " + timeout);
    if (specs.containsKey(name)) {
      throw new EddyException(
          ErrorCode.ALREADY_EXISTS, "Wrong input: Collection `" + name + "` already exists!");
    }
    specs.put(name, spec);
  }

  @Override
  public void update(String nameOrAlias, CollectionChange change, Duration timeout) {
    asked.add("update " + nameOrAlias + " " + change + " " + timeout);
    known(nameOrAlias);
  }

  @Override
  public boolean delete(String name, Duration timeout) {
    asked.add("delete " + name + " " + timeout);
    return specs.remove(name) != null;
  }

  @Override
  public boolean exists(String nameOrAlias) {
    return specs.containsKey(nameOrAlias);
  }

  @Override
  public List<String> list() {
    return List.copyOf(specs.keySet());
  }

  @Override
  public CollectionInfo get(String nameOrAlias) {
    known(nameOrAlias);
    return new CollectionInfo(
        nameOrAlias,
        COLLECTION_ID,
        1,
        CollectionInfo.Status.GREEN,
        null,
        List.of(),
        2,
        0,
        1,
        spec(nameOrAlias),
        0,
        StorageBytes.NONE,
        Map.of("a", 2L));
  }

  @Override
  public List<CollectionAlias> aliases() {
    return List.of(new CollectionAlias("vocabulary", "words"));
  }

  @Override
  public List<CollectionAlias> aliases(String nameOrAlias) {
    known(nameOrAlias);
    return aliases();
  }

  @Override
  public void updateAliases(List<AliasAction> actions, Duration timeout) {
    asked.add("aliases " + actions + " " + timeout);
  }

  @Override
  public CollectionShards clusterInfo(String nameOrAlias) {
    known(nameOrAlias);
    return new CollectionShards(
        -1L,
        2,
        List.of(new CollectionShards.LocalShard(0, 2, ReplicaState.READING)),
        List.of(new CollectionShards.RemoteShard(1, 5, ReplicaState.JOINING)));
  }

  @Override
  public CollectionSearches searches(String nameOrAlias) {
    return new CollectionSearches(
        List.of(
            new CollectionSearches.Shard(
                new PlanSums(
                    Map.of(
                        FilterPlans.Plan.WALK,
                        List.of(9L, 1L, 900L, 300L, 30L, 9L, 90L, 0L, 0L, 0L))),
                new VectorForms(1, 2, 3, 96, Map.of(VectorForms.Unfused.DIMENSION, 3L)))));
  }

  @Override
  public CollectionMemory memory(String nameOrAlias) {
    asked.add("memory " + nameOrAlias);
    known(nameOrAlias);
    MemoryUse.Sum first = new MemoryUse.Sum();
    first.add(MemoryUse.Component.VECTORS, 12, 100);
    first.addFieldIndex("a", 8);
    MemoryUse.Sum second = new MemoryUse.Sum();
    second.add(MemoryUse.Component.POINTS, 3, 0);
    second.add(MemoryUse.Component.PAYLOADS, 0, 5);
    return new CollectionMemory(List.of(first.done(), second.done()));
  }

  @Override
  public void setQuotas(QuotaConfig quotas, Duration timeout) {
    asked.add("quotas " + quotas + " " + timeout);
    view.quotas(quotas);
  }

  @Override
  public void restAnswered(
      String method, String endpoint, String collection, int status, long durationNanos) {
    measured.add(method + " " + endpoint + " " + collection + " " + status);
  }

  @Override
  public void grpcAnswered(String endpoint, String collection, int status, long durationNanos) {
    measured.add(endpoint + " " + collection + " " + status);
  }

  @Override
  public String exposition(boolean perCollection, boolean anonymize) {
    return "app_info{name=\"qdrant\",version=\"1.19.0\"} 1\nper_collection "
        + perCollection
        + " anonymize "
        + anonymize
        + "\n";
  }

  @Override
  public List<ResponseCount> responses(boolean perCollection) {
    String collection = perCollection ? "words" : "";
    Instant last = Instant.EPOCH;
    return List.of(
        new ResponseCount(
            true,
            "PUT /collections/{collection_name}/points",
            collection,
            200,
            2,
            6_000,
            1_000,
            5_000,
            last),
        new ResponseCount(
            false, "/qdrant.Points/Upsert", collection, 0, 1, 1_000, 1_000, 1_000, last));
  }
}
