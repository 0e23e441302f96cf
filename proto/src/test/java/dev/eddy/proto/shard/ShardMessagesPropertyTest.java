package dev.eddy.proto.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.query.FacetHit;
import dev.eddy.model.query.OrderValue;
import dev.eddy.model.query.QuantizationSearch;
import dev.eddy.model.query.SearchParams;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.shard.ShardService.AwaitRequest;
import dev.eddy.model.shard.ShardService.AwaitResponse;
import dev.eddy.model.shard.ShardService.Bounds;
import dev.eddy.model.shard.ShardService.Candidates;
import dev.eddy.model.shard.ShardService.CountRequest;
import dev.eddy.model.shard.ShardService.CountResponse;
import dev.eddy.model.shard.ShardService.FacetRequest;
import dev.eddy.model.shard.ShardService.FacetResponse;
import dev.eddy.model.shard.ShardService.FetchRequest;
import dev.eddy.model.shard.ShardService.Hit;
import dev.eddy.model.shard.ShardService.PointsResponse;
import dev.eddy.model.shard.ShardService.RetrieveRequest;
import dev.eddy.model.shard.ShardService.ScrollRequest;
import dev.eddy.model.shard.ShardService.SearchRequest;
import dev.eddy.model.shard.ShardService.SearchResponse;
import dev.eddy.model.shard.ShardService.ShardDescription;
import dev.eddy.model.shard.ShardService.ShardQuery;
import dev.eddy.model.shard.ShardService.TermCounts;
import dev.eddy.model.shard.ShardService.TermsRequest;
import dev.eddy.model.shard.ShardService.TermsResponse;
import dev.eddy.model.shard.StorageBytes;
import dev.eddy.model.shard.VectorForms;
import dev.eddy.model.update.Verdict;
import dev.eddy.model.usage.Explanation;
import dev.eddy.model.usage.FilterPlans.Plan;
import dev.eddy.model.usage.FilterPlans.Step;
import dev.eddy.model.usage.PlanSums;
import dev.eddy.model.usage.PlanTally;
import dev.eddy.proto.RandomModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ShardMessagesPropertyTest {
  private static final int ROUNDS = 300;

  private static final class World {
    private final Random random;
    private final RandomModel model;

    World(int seed) {
      random = new Random(seed);
      model = new RandomModel(random);
    }

    ShardId shard() {
      return new ShardId(model.uuid(), model.nat(), model.nat());
    }

    Bounds bounds() {
      return new Bounds(model.count(), Duration.ofMillis(random.nextInt(100_000)));
    }

    StoredPoint stored() {
      return new StoredPoint(
          model.id(), model.count(), model.maybe(model::payload), model.maybe(model::vectors));
    }

    Candidates candidates() {
      int width = random.nextInt(3);
      List<PointId> ids = model.list(4, model::id);
      List<List<Float>> scores =
          ids.stream().map(id -> Stream.generate(this::scoreOrNone).limit(width).toList()).toList();
      return new Candidates(ids, width == 0 ? List.of() : scores);
    }

    private Float scoreOrNone() {
      return random.nextInt(4) == 0 ? Float.NaN : random.nextFloat();
    }

    OrderValue order() {
      return random.nextBoolean()
          ? new OrderValue.Whole(random.nextLong())
          : new OrderValue.Real(random.nextGaussian());
    }

    Hit hit() {
      return new Hit(
          model.id(),
          model.count(),
          random.nextFloat(),
          List.copyOf(model.object(2).members().values()),
          model.maybe(this::order),
          model.maybe(this::stored));
    }
  }

  @Test
  void countsOfTermsComeBackEqual() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      World world = new World(seed);
      TermsRequest request =
          new TermsRequest(
              world.shard(),
              world.bounds(),
              world.model.text(),
              world.model.list(4, world.random::nextInt),
              world.model.maybe(() -> world.model.filter(2)));
      assertThat(ShardMessages.terms(ShardMessages.terms(request)))
          .as("seed %d", seed)
          .isEqualTo(request);
      TermsResponse response =
          new TermsResponse(
              new TermCounts(world.model.count(), world.model.list(4, world.model::count)),
              world.model.count());
      assertThat(ShardMessages.terms(ShardMessages.terms(response)))
          .as("seed %d", seed)
          .isEqualTo(response);
    }
  }

  @Test
  void aSearchComesBackEqual() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      World world = new World(seed);
      ShardQuery query =
          new ShardQuery(
              new RandomRanking(world.random, world.model).ranking(seed),
              world.model.text(),
              world.model.maybe(() -> world.model.filter(2)),
              new SearchParams(
                  world.model.maybe(world.model::nat),
                  world.random.nextBoolean(),
                  world.random.nextBoolean(),
                  null,
                  new QuantizationSearch(
                      world.random.nextBoolean(),
                      world.model.maybe(world.random::nextBoolean),
                      world.model.maybe(() -> 1 + world.random.nextDouble()))),
              1 + world.random.nextInt(100),
              world.model.maybe(world.random::nextFloat),
              world.model.maybe(world::candidates),
              world.model.maybe(world.model::path));
      SearchRequest request =
          new SearchRequest(
              world.shard(),
              world.bounds(),
              world.model.count(),
              List.of(query),
              world.model.payloadSelector(),
              world.model.vectorSelector(),
              world.random.nextBoolean());
      assertThat(ShardMessages.search(ShardMessages.search(request)))
          .as("seed %d", seed)
          .isEqualTo(request);
      SearchResponse response =
          new SearchResponse(
              world.model.list(3, () -> world.model.list(4, world::hit)),
              world.model.count(),
              world.model.count());
      assertThat(ShardMessages.search(ShardMessages.search(response)))
          .as("seed %d", seed)
          .isEqualTo(response);
    }
  }

  @Test
  void readsOfPointsComeBackEqual() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      World world = new World(seed);
      RandomModel model = world.model;
      FetchRequest fetch =
          new FetchRequest(
              world.shard(),
              model.count(),
              model.list(3, model::id),
              model.list(3, model::count),
              model.payloadSelector(),
              model.vectorSelector(),
              world.random.nextBoolean());
      assertThat(ShardMessages.fetch(ShardMessages.fetch(fetch))).isEqualTo(fetch);
      List<StoredPoint> points = model.list(3, world::stored);
      assertThat(ShardMessages.fetched(ShardMessages.fetched(points))).isEqualTo(points);
      RetrieveRequest retrieve =
          new RetrieveRequest(
              world.shard(),
              world.bounds(),
              model.list(3, model::id),
              model.payloadSelector(),
              model.vectorSelector());
      assertThat(ShardMessages.retrieve(ShardMessages.retrieve(retrieve))).isEqualTo(retrieve);
      PointsResponse response = new PointsResponse(points, model.count());
      assertThat(ShardMessages.points(ShardMessages.points(response))).isEqualTo(response);
      ScrollRequest scroll =
          new ScrollRequest(
              world.shard(),
              world.bounds(),
              model.maybe(model::id),
              model.nat(),
              model.maybe(() -> model.filter(2)),
              model.payloadSelector(),
              model.vectorSelector());
      assertThat(ShardMessages.scroll(ShardMessages.scroll(scroll))).isEqualTo(scroll);
    }
  }

  @Test
  void countsVerdictsAndDescriptionsComeBackEqual() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      World world = new World(seed);
      RandomModel model = world.model;
      CountRequest count =
          new CountRequest(
              world.shard(),
              world.bounds(),
              model.maybe(() -> model.filter(2)),
              world.random.nextBoolean());
      assertThat(ShardMessages.count(ShardMessages.count(count))).isEqualTo(count);
      CountResponse counted = new CountResponse(model.count(), model.count());
      assertThat(ShardMessages.count(ShardMessages.count(counted))).isEqualTo(counted);
      AwaitRequest await =
          new AwaitRequest(world.shard(), model.list(4, model::count), Duration.ofMillis(1_500));
      assertThat(ShardMessages.await(ShardMessages.await(await))).isEqualTo(await);
      AwaitResponse verdicts =
          new AwaitResponse(
              Map.of(
                  model.count(),
                  new Verdict.Rejected(ErrorCode.NOT_FOUND, "Not found: " + model.text()),
                  -1L,
                  Verdict.Applied.APPLIED),
              model.count());
      assertThat(ShardMessages.await(ShardMessages.await(verdicts))).isEqualTo(verdicts);
      ShardDescription description =
          new ShardDescription(
              world.shard(),
              "SERVING",
              model.count(),
              model.count(),
              model.count(),
              model.nat(),
              world.random.nextBoolean(),
              "0a",
              model.count(),
              model.count(),
              new StorageBytes(model.count(), model.count()),
              Map.of("a.b", model.count()),
              model.memoryUse(),
              planSums(model),
              new VectorForms(
                  model.count(),
                  model.count(),
                  model.count(),
                  model.count(),
                  Map.of(VectorForms.Unfused.FEW, model.count())),
              world.random.nextBoolean() ? model.text() : null);
      assertThat(ShardMessages.description(ShardMessages.description(description)))
          .isEqualTo(description);
    }
  }

  private static PlanSums planSums(RandomModel model) {
    PlanTally tally = new PlanTally();
    for (Plan plan : Plan.values()) {
      long known = model.count();
      tally.add(new Step(0, 1, plan, known % 2 == 0, model.count(), known, -1, known, known));
    }
    return tally.sums();
  }

  @Test
  void whatExplainsAnAnswerArrivesAsItWas() {
    Explanation told = new Explanation();
    told.add(3, List.of(new Step(1, 2, Plan.WALK, true, 5_000, 700, -1, 321, 33)));
    told.add(3, List.of(new Step(1, -1, Plan.SCAN_MATCHES, false, 5_000, -1, 707, 707, 707)));
    SearchResponseMessage answer =
        PlanMessages.explained(SearchResponseMessage.getDefaultInstance(), told);
    Explanation asked = new Explanation();
    asked.add(3, PlanMessages.steps(answer));
    assertThat(asked.steps()).isEqualTo(told.steps());
    SearchResponseMessage newer =
        answer.toBuilder().addPlans(PlanStepMessage.newBuilder().setPlan("BY_MAGIC")).build();
    assertThat(PlanMessages.steps(newer)).isEqualTo(PlanMessages.steps(answer));
  }

  @Test
  void aWaitShorterThanAMillisecondIsNotNothing() {
    BoundsMessage message = ShardMessages.bounds(new Bounds(0, Duration.ofNanos(1)));
    assertThat(message.getTimeoutMs()).isEqualTo(1);
  }

  @Test
  void aFacetComesBackEqual() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      World world = new World(seed);
      FacetRequest request =
          new FacetRequest(
              world.shard(),
              world.bounds(),
              world.model.path(),
              FieldIndex.Type.values()[world.random.nextInt(FieldIndex.Type.values().length)],
              world.model.maybe(() -> world.model.filter(2)),
              world.random.nextInt(3));
      assertThat(ShardMessages.facet(ShardMessages.facet(request)))
          .as("seed %d", seed)
          .isEqualTo(request);
      List<FacetHit> hits =
          world.model.object(2).members().values().stream()
              .map(value -> new FacetHit(value, world.model.count()))
              .toList();
      FacetResponse response = new FacetResponse(hits, world.model.count());
      assertThat(ShardMessages.facet(ShardMessages.facet(response)))
          .as("seed %d", seed)
          .isEqualTo(response);
    }
  }
}
