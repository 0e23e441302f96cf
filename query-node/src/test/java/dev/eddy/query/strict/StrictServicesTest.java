package dev.eddy.query.strict;

import static dev.eddy.query.world.World.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.HnswDiff;
import dev.eddy.model.collection.StrictMode;
import dev.eddy.model.collection.TextSettings;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.FieldPredicate.MatchValue;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.query.Example;
import dev.eddy.model.query.Expression;
import dev.eddy.model.query.GroupQuery;
import dev.eddy.model.query.PointQuery;
import dev.eddy.model.query.Prefetch;
import dev.eddy.model.query.QuantizationSearch;
import dev.eddy.model.query.Query;
import dev.eddy.model.query.ReadOptions;
import dev.eddy.model.query.SearchParams;
import dev.eddy.model.shard.StorageBytes;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import dev.eddy.model.update.UpdateMode;
import dev.eddy.query.collection.CollectionInfo;
import dev.eddy.query.fanout.Generations;
import dev.eddy.query.quota.NodeUse;
import dev.eddy.query.read.ScrollQuery;
import dev.eddy.query.world.World;
import dev.eddy.query.write.WriteOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every limit at its border, with the contract's words, and nothing while limits are off. */
class StrictServicesTest {
  private static final FieldIndex TENANT =
      new FieldIndex(
          FieldIndex.Type.KEYWORD, false, null, null, null, true, null, null, null, null, null);
  private static final CollectionSpec SPEC =
      CollectionSpec.of(
              Map.of(
                  "",
                  VectorParams.of(2, Distance.DOT),
                  "flat",
                  new VectorParams(
                      2,
                      Distance.DOT,
                      new HnswDiff(0, null, null, null, null, null, null, null),
                      null,
                      null,
                      null)))
          .withPayloadIndexes(
              Map.of(
                  "n",
                  FieldIndex.of(FieldIndex.Type.INTEGER),
                  "place",
                  FieldIndex.of(FieldIndex.Type.GEO),
                  "tenant",
                  TENANT));

  private static FieldIndex integer(boolean lookup, boolean range) {
    return new FieldIndex(
        FieldIndex.Type.INTEGER, false, null, null, null, null, null, lookup, range, null, null);
  }

  private static FieldIndex text(@Nullable Boolean phraseMatching) {
    return new FieldIndex(
        FieldIndex.Type.TEXT,
        false,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        new TextSettings(
            TextSettings.Tokenizer.WORD, null, null, null, null, phraseMatching, null, null));
  }

  private final World world = new World(1);
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicLong points = new AtomicLong();
  private StorageBytes storage = StorageBytes.NONE;
  private final Generations generations = new Generations(world.view);
  private final RateLimits rates = new RateLimits(nanos::get);
  private final StrictWriteService writes =
      new StrictWriteService(
          world.writes, generations, rates, this::info, () -> world.resources.use);
  private final StrictReadService reads = new StrictReadService(world.reads, generations, rates);

  @AfterEach
  void close() {
    world.close();
  }

  private CollectionInfo info(String collection) {
    return new CollectionInfo(
        collection,
        UUID.randomUUID(),
        1,
        CollectionInfo.Status.GREEN,
        null,
        List.of(),
        points.get(),
        0,
        1,
        SPEC,
        0,
        storage,
        Map.of());
  }

  private void limited(StrictMode limits) {
    limited(limits, SPEC);
  }

  private void limited(StrictMode limits, CollectionSpec spec) {
    world.create("c", spec.withStrictMode(limits));
  }

  /** Limits of numbers, the same for all. */
  private static StrictMode all(boolean enabled, int max) {
    return new StrictMode(
        enabled,
        max,
        max,
        false,
        false,
        max,
        false,
        (double) max,
        (long) max,
        (long) max,
        null,
        null,
        (long) max,
        null,
        null,
        (long) max,
        (long) max,
        Map.of("", new StrictMode.Bound((long) max)),
        Map.of("", new StrictMode.Bound((long) max)),
        null,
        null);
  }

  @Test
  void aCollectionThatIsFullOfVectorsOrPayloadsTakesNoMoreOfThem() {
    limited(
        new StrictMode(
            true, null, null, null, null, null, null, null, null, null, 80L, 50L, null, null, null,
            null, null, Map.of(), Map.of(), null, null));
    Update payload =
        new Update.OverwritePayload(
            new PointSelection.Matching(Filter.must(new Condition.HasId(Set.of(PointId.of(1))))),
            Payload.EMPTY);
    storage = new StorageBytes(79, 49);
    write(upsert(1));
    write(payload);
    storage = new StorageBytes(80, 49);
    refused("Max vector storage size limit of 80 bytes reached!", () -> write(upsert(1)));
    write(payload);
    storage = new StorageBytes(0, 50);
    refused("Max payload storage size limit of 50 bytes reached!", () -> write(payload));
    write(new Update.Delete(new PointSelection.Ids(List.of(PointId.of(1)))));
  }

  private static StrictMode rate(int perMinute) {
    return new StrictMode(
        true, null, null, null, null, null, null, null, null, null, null, null, null, perMinute,
        perMinute, null, null, Map.of(), Map.of(), null, null);
  }

  @Test
  void aFullNodeTakesOnlyWhatMakesRoom() {
    limited(
        new StrictMode(
            true, null, null, null, null, null, null, null, null, null, null, null, null, null,
            null, null, null, Map.of(), Map.of(), null, 80));
    writes.write("c", upsert(1), WriteOptions.COMPLETE);
    world.resources.use = new NodeUse(80, 0);
    EddyException refused =
        World.failureOf(() -> writes.write("c", upsert(1), WriteOptions.COMPLETE));
    assertThat(refused.code()).isEqualTo(ErrorCode.INSUFFICIENT_STORAGE);
    assertThat(refused.text())
        .contains("resident memory of this node is at 80%")
        .contains("max_resident_memory_percent of the collection is 80%");
    writes.write(
        "c",
        new Update.Delete(new PointSelection.Ids(List.of(PointId.of(0)))),
        WriteOptions.COMPLETE);
    world.resources.use = NodeUse.UNKNOWN;
    writes.write("c", upsert(1), WriteOptions.COMPLETE);
  }

  private static Update upsert(int count) {
    List<Point> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(new Point(PointId.of(i), Vectors.unnamed(i, 1), Payload.EMPTY));
    }
    return new Update.Upsert(all);
  }

  private static Update upsert(Vector vector) {
    return new Update.Upsert(
        List.of(new Point(PointId.of(1), new Vectors(Map.of("", vector)), Payload.EMPTY)));
  }

  private static Condition match(String key, String value) {
    return new Condition.Field(
        KeyPath.parse(key), List.of(new FieldPredicate.Match(new MatchValue.Keyword(value))));
  }

  private static SearchParams oversampling(double value) {
    return new SearchParams(null, false, false, null, new QuantizationSearch(false, null, value));
  }

  private static PointQuery query(
      @Nullable Query query,
      String using,
      @Nullable Filter filter,
      SearchParams params,
      int limit) {
    return new PointQuery(
        List.of(),
        query,
        using,
        filter,
        params,
        limit,
        0,
        null,
        null,
        PayloadSelector.None.NONE,
        VectorSelector.None.NONE);
  }

  private static Query nearest() {
    return new Query.Nearest(new Example.ByVector(new Vector.Dense(new float[] {1, 2})), null);
  }

  private void write(Update update) {
    var _ = writes.write("c", update, WriteOptions.COMPLETE);
  }

  private void read(PointQuery... queries) {
    var _ = reads.query("c", List.of(queries), ReadOptions.DEFAULT);
  }

  private void count(Filter filter) {
    var _ = reads.count("c", filter, true, ReadOptions.DEFAULT);
  }

  private static void refused(String text, Runnable call) {
    EddyException failure = failureOf(call);
    assertThat(failure).hasMessage("Bad request: " + text);
    assertThat(failure.code()).isEqualTo(ErrorCode.BAD_REQUEST);
  }

  @Test
  void nothingCountsWhileLimitsAreOff() {
    limited(all(false, 1));
    write(upsert(5));
    Condition two = new Condition.HasId(Set.of(PointId.of(1), PointId.of(2)));
    count(Filter.must(two, two));
    read(
        query(
            nearest(),
            "",
            null,
            new SearchParams(9, true, false, null, new QuantizationSearch(false, null, 9.0)),
            9));
  }

  @Test
  void writesAreBoundInSize() {
    limited(all(true, 2));
    write(upsert(2));
    refused(
        "Limit exceeded 3 > 2 for \"upsert limit\". Help: Reduce the \"upsert limit\" parameter to or below 2.",
        () -> write(upsert(3)));
    refused(
        "Limit exceeded 3 > 2 for \"update limit\". Help: Reduce the \"update limit\" parameter to or below 2.",
        () ->
            write(
                new Update.Delete(
                    new PointSelection.Ids(List.of(PointId.of(1), PointId.of(2), PointId.of(3))))));
    refused(
        "Multivector '' has a limit of 2 vectors, but 3 were provided!",
        () -> write(upsert(new Vector.Multi(new float[3][2]))));
    refused(
        "Sparse vector '' has a limit of 2 indices, but 3 were provided!",
        () -> write(upsert(new Vector.Sparse(new int[] {1, 2, 3}, new float[3]))));
  }

  @Test
  void allOfABatchIsCheckedBeforeTheFirst() {
    limited(all(true, 2));
    refused(
        "Limit exceeded 3 > 2 for \"upsert limit\". Help: Reduce the \"upsert limit\" parameter to or below 2.",
        () -> writes.writeBatch("c", List.of(upsert(1), upsert(3)), WriteOptions.COMPLETE));
    assertThat(world.log(generations.resolve("c").shard(0))).isEmpty();
  }

  @Test
  void aFullCollectionTakesNoUpserts() {
    limited(all(true, 7));
    points.set(6);
    write(upsert(1));
    points.set(7);
    refused("Max points count limit of 7 reached!", () -> write(upsert(1)));
    refused(
        "Max points count limit of 7 reached!",
        () -> write(new Update.Conditional(upsert(1), UpdateMode.INSERT_ONLY, null)));
    write(new Update.Delete(new PointSelection.Ids(List.of(PointId.of(1)))));
  }

  @Test
  void filtersUseDeclaredFieldsOnly() {
    limited(all(true, 5));
    String text =
        "Index required but not found for \"k\" of one of the following types: [keyword]. Help: Create an index for this key or use a different filter.";
    Filter unindexed = Filter.must(new Condition.Sub(Filter.must(match("k", "a"))));
    count(Filter.must(match("tenant", "a"), new Condition.HasVector("")));
    refused(text, () -> count(unindexed));
    refused(text, () -> write(new Update.Delete(new PointSelection.Matching(unindexed))));
    refused(text, () -> write(new Update.Conditional(upsert(1), UpdateMode.UPSERT, unindexed)));
    refused(text, () -> read(query(nearest(), "", unindexed, SearchParams.DEFAULT, 1)));
    refused(
        "Index required but not found for \"n\" of one of the following types: [keyword]. Help: Create an index for this key or use a different filter.",
        () -> count(Filter.must(match("n", "a"))));
    refused(
        "Index required but not found for \"price\" of one of the following types: [integer, float]. Help: Create an index for this key or use a different formula expression.",
        () ->
            read(
                new PointQuery(
                    List.of(prefetch(1)),
                    new Query.Formula(
                        new Expression.Sum(
                            List.of(
                                new Expression.Field(KeyPath.parse("n")),
                                new Expression.Field(KeyPath.parse("price")))),
                        Map.of()),
                    "",
                    null,
                    SearchParams.DEFAULT,
                    1,
                    0,
                    null,
                    null,
                    PayloadSelector.None.NONE,
                    VectorSelector.None.NONE)));
  }

  private static Prefetch prefetch(int limit) {
    return new Prefetch(List.of(), nearest(), "", null, SearchParams.DEFAULT, limit, null, null);
  }

  @Test
  void filtersAreBoundInSize() {
    limited(all(true, 2));
    Filter three =
        Filter.must(
            match("tenant", "a"),
            new Condition.Sub(Filter.must(match("tenant", "b"), match("tenant", "c"))));
    refused(
        "Filter condition limit reached (3 > 2). Help: Reduce the amount of conditions of your filter.",
        () -> count(three));
    refused(
        "Condition size limit reached (3 > 2). Help: Reduce the size of your condition.",
        () ->
            count(
                Filter.must(
                    new Condition.HasId(Set.of(PointId.of(1), PointId.of(2), PointId.of(3))))));
  }

  @Test
  void queriesAreBound() {
    limited(all(true, 15));
    read(query(nearest(), "", null, SearchParams.DEFAULT, 15));
    String limit =
        "Limit exceeded 20 > 15 for \"limit\". Help: Reduce the \"limit\" parameter to or below 15.";
    refused(limit, () -> read(query(nearest(), "", null, SearchParams.DEFAULT, 20)));
    refused(
        limit,
        () ->
            reads.scroll(
                "c",
                new ScrollQuery(
                    null, 20, null, PayloadSelector.None.NONE, VectorSelector.None.NONE),
                ReadOptions.DEFAULT));
    refused(
        "Limit exceeded 16 > 15 for \"hnsw_ef\". Help: Reduce the \"hnsw_ef\" parameter to or below 15.",
        () -> read(query(nearest(), "", null, new SearchParams(16, false, false), 1)));
    refused(
        "Limit exceeded 15.5 > 15.0 for \"oversampling\". Help: Reduce the \"oversampling\" parameter to or below 15.0.",
        () -> read(query(nearest(), "", null, oversampling(15.5), 1)));
    read(query(nearest(), "", null, oversampling(15), 1));
    refused(
        "Exact search disabled! Help: Set exact=false.",
        () -> read(query(nearest(), "", null, new SearchParams(null, true, false), 1)));
    PointQuery one = query(nearest(), "", null, SearchParams.DEFAULT, 1);
    refused(
        "Limit exceeded 16 > 15 for \"search batch size\". Help: Reduce the \"search batch size\" parameter to or below 15.",
        () -> read(java.util.Collections.nCopies(16, one).toArray(new PointQuery[0])));
    refused(
        "Limit exceeded 16 > 15 for \"timeout\". Help: Reduce the \"timeout\" parameter to or below 15.",
        () -> reads.query("c", List.of(one), new ReadOptions(false, null, Duration.ofSeconds(16))));
  }

  @Test
  void fieldsServeOnlyWhatTheirSettingsLeaveThem() {
    limited(
        all(true, 5),
        SPEC.withPayloadIndexes(
            Map.of(
                "ranged", integer(false, true),
                "matched", integer(true, false),
                "words", text(null),
                "phrases", text(true))));
    String missing =
        "Index required but not found for \"%s\" of one of the following types: [%s]. Help: Create an index for this key or use a different filter.";
    FieldPredicate phrase = new FieldPredicate.MatchPhrase("b c");
    FieldPredicate range = new FieldPredicate.Range(1.0, null, null, null);
    FieldPredicate match = new FieldPredicate.Match(new MatchValue.Whole(1));
    FieldPredicate any = new FieldPredicate.MatchAny(List.of(new MatchValue.Whole(1)));
    FieldPredicate except = new FieldPredicate.MatchExcept(List.of(new MatchValue.Whole(1)));
    count(field("phrases", phrase));
    count(field("words", new FieldPredicate.MatchText("b c")));
    refused(missing.formatted("words", "text"), () -> count(field("words", phrase)));
    count(field("ranged", range));
    for (FieldPredicate each : List.of(match, any, except)) {
      count(field("matched", each));
      refused(missing.formatted("ranged", "integer"), () -> count(field("ranged", each)));
    }
    refused(missing.formatted("matched", "integer, float"), () -> count(field("matched", range)));
    group("matched", 3);
    refused(
        "Index of type \"Integer\" found for \"ranged\". Help: Create an index supporting `match` for this key.",
        () -> group("ranged", 3));
  }

  private static Filter field(String key, FieldPredicate predicate) {
    return Filter.must(new Condition.Field(KeyPath.parse(key), List.of(predicate)));
  }

  @Test
  void groupsAreMadeOfDeclaredFieldsOnly() {
    limited(all(true, 15));
    String help = " Help: Create an index supporting `match` for this key.";
    refused("Index required but not found for \"doc\"." + help, () -> group("doc", 3));
    refused("Index of type \"Geo\" found for \"place\"." + help, () -> group("place", 3));
    refused(
        "Limit exceeded 16 > 15 for \"limit\". Help: Reduce the \"limit\" parameter to or below 15.",
        () -> group("tenant", 16));
  }

  private void group(String by, int groups) {
    PointQuery query = query(nearest(), "", null, SearchParams.DEFAULT, 1);
    var _ =
        reads.groups(
            "c", new GroupQuery(query, KeyPath.parse(by), groups, 2, null), ReadOptions.DEFAULT);
  }

  @Test
  void aVectorWithoutAGraphIsSearchedForOneTenantOnly() {
    limited(all(true, 15));
    read(query(nearest(), "flat", Filter.must(match("tenant", "a")), SearchParams.DEFAULT, 1));
    refused(
        "Request is forbidden on 'flat' because global vector indexing is disabled (hnsw_config.m = 0). Help: Use tenant-specific filter, enable global vector indexing or enable strict mode `search_allow_exact` option",
        () -> read(query(nearest(), "flat", null, SearchParams.DEFAULT, 1)));
  }

  @Test
  void ratesAreOfPointsAndQueriesAndRefillEvenly() {
    limited(rate(60));
    write(upsert(60));
    EddyException tooMany = failureOf(() -> write(upsert(10)));
    assertThat(tooMany.code()).isEqualTo(ErrorCode.RATE_LIMITED);
    assertThat(tooMany)
        .hasMessage(
            "Rate limiting exceeded: Write rate limit exceeded: Operation requires 10 tokens but only 0.0 were available. Retry after 10s");
    assertThat(tooMany.retryAfterSeconds()).isEqualTo(10);
    nanos.addAndGet(Duration.ofSeconds(10).toNanos());
    write(upsert(10));

    EddyException tooLarge = failureOf(() -> write(upsert(61)));
    assertThat(tooLarge)
        .hasMessage(
            "Rate limiting exceeded: Write rate limit exceeded, request larger than rate limiter capacity, please try to split your request");
    assertThat(tooLarge.retryAfterSeconds()).isZero();

    PointQuery one = query(nearest(), "", null, SearchParams.DEFAULT, 1);
    read(java.util.Collections.nCopies(60, one).toArray(new PointQuery[0]));
    assertThat(failureOf(() -> count(Filter.ANY)))
        .hasMessageStartingWith(
            "Rate limiting exceeded: Read rate limit exceeded: Operation requires 1 tokens but only 0.0 were available. Retry after 1s");
  }
}
