package dev.eddy.proto.shard;

import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.shard.ShardService.AwaitRequest;
import dev.eddy.model.shard.ShardService.AwaitResponse;
import dev.eddy.model.shard.ShardService.Bounds;
import dev.eddy.model.shard.ShardService.CountRequest;
import dev.eddy.model.shard.ShardService.CountResponse;
import dev.eddy.model.shard.ShardService.FacetRequest;
import dev.eddy.model.shard.ShardService.FacetResponse;
import dev.eddy.model.shard.ShardService.FetchRequest;
import dev.eddy.model.shard.ShardService.PointsResponse;
import dev.eddy.model.shard.ShardService.RetrieveRequest;
import dev.eddy.model.shard.ShardService.ScrollRequest;
import dev.eddy.model.shard.ShardService.SearchRequest;
import dev.eddy.model.shard.ShardService.SearchResponse;
import dev.eddy.model.shard.ShardService.ShardDescription;
import dev.eddy.model.shard.ShardService.TermCounts;
import dev.eddy.model.shard.ShardService.TermsRequest;
import dev.eddy.model.shard.ShardService.TermsResponse;
import dev.eddy.model.shard.StorageBytes;
import dev.eddy.model.update.Verdict;
import dev.eddy.proto.mapping.FilterMessages;
import dev.eddy.proto.mapping.PointMessages;
import dev.eddy.proto.meta.MemoryMessages;
import dev.eddy.proto.meta.MetaMessages;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Requests and responses of {@link dev.eddy.model.shard.ShardService} as messages and back. A
 * message that is not well formed fails with an {@link IllegalArgumentException}. Durations travel
 * in milliseconds, rounded up.
 */
public final class ShardMessages {
  private ShardMessages() {}

  public static SearchRequestMessage search(SearchRequest request) {
    return SearchMessages.search(request);
  }

  public static SearchRequest search(SearchRequestMessage message) {
    return SearchMessages.search(message);
  }

  public static SearchResponseMessage search(SearchResponse response) {
    return SearchMessages.search(response);
  }

  public static SearchResponse search(SearchResponseMessage message) {
    return SearchMessages.search(message);
  }

  public static FacetRequestMessage facet(FacetRequest request) {
    return SearchMessages.facet(request);
  }

  public static FacetRequest facet(FacetRequestMessage message) {
    return SearchMessages.facet(message);
  }

  public static FacetResponseMessage facet(FacetResponse response) {
    return SearchMessages.facet(response);
  }

  public static FacetResponse facet(FacetResponseMessage message) {
    return SearchMessages.facet(message);
  }

  public static FetchRequestMessage fetch(FetchRequest request) {
    return SearchMessages.fetch(request);
  }

  public static FetchRequest fetch(FetchRequestMessage message) {
    return SearchMessages.fetch(message);
  }

  public static FetchResponseMessage fetched(List<StoredPoint> points) {
    FetchResponseMessage.Builder builder = FetchResponseMessage.newBuilder();
    points.forEach(point -> builder.addPoints(PointMessages.stored(point)));
    return builder.build();
  }

  public static List<StoredPoint> fetched(FetchResponseMessage message) {
    return message.getPointsList().stream().map(PointMessages::stored).toList();
  }

  public static ReleaseLeaseRequestMessage release(ShardId shard, long leaseId) {
    return ReleaseLeaseRequestMessage.newBuilder()
        .setShard(MetaMessages.shardId(shard))
        .setLeaseId(leaseId)
        .build();
  }

  public static RetrieveRequestMessage retrieve(RetrieveRequest request) {
    RetrieveRequestMessage.Builder builder =
        RetrieveRequestMessage.newBuilder()
            .setShard(MetaMessages.shardId(request.shard()))
            .setBounds(bounds(request.bounds()))
            .setPayload(PointMessages.selector(request.payload()))
            .setVectors(PointMessages.selector(request.vectors()));
    request.ids().forEach(id -> builder.addIds(PointMessages.id(id)));
    return builder.build();
  }

  public static RetrieveRequest retrieve(RetrieveRequestMessage message) {
    return new RetrieveRequest(
        MetaMessages.shardId(message.getShard()),
        bounds(message.getBounds()),
        message.getIdsList().stream().map(PointMessages::id).toList(),
        PointMessages.selector(message.getPayload()),
        PointMessages.selector(message.getVectors()));
  }

  public static PointsResponseMessage points(PointsResponse response) {
    PointsResponseMessage.Builder builder =
        PointsResponseMessage.newBuilder().setPosition(response.position());
    response.points().forEach(point -> builder.addPoints(PointMessages.stored(point)));
    return builder.build();
  }

  public static PointsResponse points(PointsResponseMessage message) {
    return new PointsResponse(
        message.getPointsList().stream().map(PointMessages::stored).toList(),
        message.getPosition());
  }

  public static ScrollRequestMessage scroll(ScrollRequest request) {
    ScrollRequestMessage.Builder builder =
        ScrollRequestMessage.newBuilder()
            .setShard(MetaMessages.shardId(request.shard()))
            .setBounds(bounds(request.bounds()))
            .setLimit(request.limit())
            .setPayload(PointMessages.selector(request.payload()))
            .setVectors(PointMessages.selector(request.vectors()));
    if (request.from() != null) {
      builder.setFrom(PointMessages.id(request.from()));
    }
    if (request.filter() != null) {
      builder.setFilter(FilterMessages.filter(request.filter()));
    }
    return builder.build();
  }

  public static ScrollRequest scroll(ScrollRequestMessage message) {
    return new ScrollRequest(
        MetaMessages.shardId(message.getShard()),
        bounds(message.getBounds()),
        message.hasFrom() ? PointMessages.id(message.getFrom()) : null,
        message.getLimit(),
        FilterMessages.nullable(message.hasFilter(), message.getFilter()),
        PointMessages.selector(message.getPayload()),
        PointMessages.selector(message.getVectors()));
  }

  public static CountRequestMessage count(CountRequest request) {
    CountRequestMessage.Builder builder =
        CountRequestMessage.newBuilder()
            .setShard(MetaMessages.shardId(request.shard()))
            .setBounds(bounds(request.bounds()))
            .setExact(request.exact());
    if (request.filter() != null) {
      builder.setFilter(FilterMessages.filter(request.filter()));
    }
    return builder.build();
  }

  public static CountRequest count(CountRequestMessage message) {
    return new CountRequest(
        MetaMessages.shardId(message.getShard()),
        bounds(message.getBounds()),
        FilterMessages.nullable(message.hasFilter(), message.getFilter()),
        message.getExact());
  }

  public static CountResponseMessage count(CountResponse response) {
    return CountResponseMessage.newBuilder()
        .setCount(response.count())
        .setPosition(response.position())
        .build();
  }

  public static CountResponse count(CountResponseMessage message) {
    return new CountResponse(message.getCount(), message.getPosition());
  }

  public static TermsRequestMessage terms(TermsRequest request) {
    TermsRequestMessage.Builder builder =
        TermsRequestMessage.newBuilder()
            .setShard(MetaMessages.shardId(request.shard()))
            .setBounds(bounds(request.bounds()))
            .setUsing(request.using())
            .addAllIndices(request.indices());
    if (request.corpus() != null) {
      builder.setCorpus(FilterMessages.filter(request.corpus()));
    }
    return builder.build();
  }

  public static TermsRequest terms(TermsRequestMessage message) {
    return new TermsRequest(
        MetaMessages.shardId(message.getShard()),
        bounds(message.getBounds()),
        message.getUsing(),
        message.getIndicesList(),
        FilterMessages.nullable(message.hasCorpus(), message.getCorpus()));
  }

  public static TermsResponseMessage terms(TermsResponse response) {
    return TermsResponseMessage.newBuilder()
        .setPoints(response.counts().points())
        .addAllFrequencies(response.counts().frequencies())
        .setPosition(response.position())
        .build();
  }

  public static TermsResponse terms(TermsResponseMessage message) {
    return new TermsResponse(
        new TermCounts(message.getPoints(), message.getFrequenciesList()), message.getPosition());
  }

  public static AwaitRequestMessage await(AwaitRequest request) {
    return AwaitRequestMessage.newBuilder()
        .setShard(MetaMessages.shardId(request.shard()))
        .addAllOffsets(request.offsets())
        .setTimeoutMs(millis(request.timeout()))
        .build();
  }

  public static AwaitRequest await(AwaitRequestMessage message) {
    return new AwaitRequest(
        MetaMessages.shardId(message.getShard()),
        message.getOffsetsList(),
        Duration.ofMillis(message.getTimeoutMs()));
  }

  public static AwaitResponseMessage await(AwaitResponse response) {
    AwaitResponseMessage.Builder builder =
        AwaitResponseMessage.newBuilder().setPosition(response.position());
    response.verdicts().forEach((offset, verdict) -> builder.addVerdicts(verdict(offset, verdict)));
    return builder.build();
  }

  public static AwaitResponse await(AwaitResponseMessage message) {
    Map<Long, Verdict> verdicts = new TreeMap<>();
    for (VerdictMessage verdict : message.getVerdictsList()) {
      verdicts.put(verdict.getOffset(), verdict(verdict));
    }
    return new AwaitResponse(verdicts, message.getPosition());
  }

  private static VerdictMessage verdict(long offset, Verdict verdict) {
    VerdictMessage.Builder builder = VerdictMessage.newBuilder().setOffset(offset);
    switch (verdict) {
      case Verdict.Applied ignored -> {}
      case Verdict.Rejected rejected ->
          builder.setRejected(
              RejectionMessage.newBuilder()
                  .setCode(rejected.code().name())
                  .setReason(rejected.reason()));
    }
    return builder.build();
  }

  private static Verdict verdict(VerdictMessage message) {
    return message.hasRejected()
        ? new Verdict.Rejected(
            ErrorCode.valueOf(message.getRejected().getCode()), message.getRejected().getReason())
        : Verdict.Applied.APPLIED;
  }

  public static DescribeRequestMessage describe(ShardId shard, Bounds bounds) {
    return DescribeRequestMessage.newBuilder()
        .setShard(MetaMessages.shardId(shard))
        .setBounds(bounds(bounds))
        .build();
  }

  public static DescribeResponseMessage description(ShardDescription description) {
    DescribeResponseMessage.Builder builder = DescribeResponseMessage.newBuilder();
    if (description.problem() != null) {
      builder.setProblem(description.problem());
    }
    return builder
        .setShard(MetaMessages.shardId(description.shard()))
        .setState(description.state())
        .setPosition(description.position())
        .setPoints(description.points())
        .setIndexedVectors(description.indexedVectors())
        .setSegments(description.segments())
        .setOptimizing(description.optimizing())
        .setContentHash(description.contentHash())
        .setIgnoredRepeats(description.ignoredRepeats())
        .setBrokenChains(description.brokenChains())
        .setVectorBytes(description.storage().vectors())
        .setPayloadBytes(description.storage().payloads())
        .putAllFieldPoints(description.fieldPoints())
        .setMemory(MemoryMessages.use(description.memory()))
        .addAllPlans(PlanMessages.sums(description.plans()))
        .setForms(FormMessages.forms(description.forms()))
        .build();
  }

  public static ShardDescription description(DescribeResponseMessage message) {
    return new ShardDescription(
        MetaMessages.shardId(message.getShard()),
        message.getState(),
        message.getPosition(),
        message.getPoints(),
        message.getIndexedVectors(),
        message.getSegments(),
        message.getOptimizing(),
        message.getContentHash(),
        message.getIgnoredRepeats(),
        message.getBrokenChains(),
        new StorageBytes(message.getVectorBytes(), message.getPayloadBytes()),
        message.getFieldPointsMap(),
        MemoryMessages.use(message.getMemory()),
        PlanMessages.sums(message.getPlansList()),
        FormMessages.forms(message.getForms()),
        message.hasProblem() ? message.getProblem() : null);
  }

  public static BoundsMessage bounds(Bounds bounds) {
    return BoundsMessage.newBuilder()
        .setMinPosition(bounds.minPosition())
        .setTimeoutMs(millis(bounds.timeout()))
        .build();
  }

  public static Bounds bounds(BoundsMessage message) {
    return new Bounds(message.getMinPosition(), Duration.ofMillis(message.getTimeoutMs()));
  }

  private static long millis(Duration duration) {
    return duration.plusNanos(999_999).toMillis();
  }
}
