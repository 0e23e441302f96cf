package dev.eddy.proto.shard;

import com.google.protobuf.ByteString;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.PointId;
import dev.eddy.model.query.FacetHit;
import dev.eddy.model.query.OrderValue;
import dev.eddy.model.query.QuantizationSearch;
import dev.eddy.model.query.SearchParams;
import dev.eddy.model.shard.ShardService.Candidates;
import dev.eddy.model.shard.ShardService.FacetRequest;
import dev.eddy.model.shard.ShardService.FacetResponse;
import dev.eddy.model.shard.ShardService.FetchRequest;
import dev.eddy.model.shard.ShardService.Hit;
import dev.eddy.model.shard.ShardService.SearchRequest;
import dev.eddy.model.shard.ShardService.SearchResponse;
import dev.eddy.model.shard.ShardService.ShardQuery;
import dev.eddy.proto.mapping.Bytes;
import dev.eddy.proto.mapping.FilterMessages;
import dev.eddy.proto.mapping.PointMessages;
import dev.eddy.proto.meta.MetaMessages;
import dev.eddy.proto.model.SearchParamsMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The two trips of a search, as messages; see {@link ShardMessages}. */
final class SearchMessages {
  private SearchMessages() {}

  static SearchRequestMessage search(SearchRequest request) {
    SearchRequestMessage.Builder builder =
        SearchRequestMessage.newBuilder()
            .setShard(MetaMessages.shardId(request.shard()))
            .setBounds(ShardMessages.bounds(request.bounds()))
            .setPayload(PointMessages.selector(request.payload()))
            .setVectors(PointMessages.selector(request.vectors()))
            .setKeepLease(request.keepLease())
            .setLeaseId(request.leaseId());
    request.queries().forEach(query -> builder.addQueries(query(query)));
    return builder.build();
  }

  static SearchRequest search(SearchRequestMessage message) {
    return new SearchRequest(
        MetaMessages.shardId(message.getShard()),
        ShardMessages.bounds(message.getBounds()),
        message.getLeaseId(),
        message.getQueriesList().stream().map(SearchMessages::query).toList(),
        PointMessages.selector(message.getPayload()),
        PointMessages.selector(message.getVectors()),
        message.getKeepLease());
  }

  private static ShardQueryMessage query(ShardQuery query) {
    ShardQueryMessage.Builder builder =
        ShardQueryMessage.newBuilder()
            .setRanking(RankingMessages.ranking(query.ranking()))
            .setUsing(query.using())
            .setParams(params(query.params()))
            .setLimit(query.limit());
    if (query.filter() != null) {
      builder.setFilter(FilterMessages.filter(query.filter()));
    }
    Float threshold = query.scoreThreshold();
    if (threshold != null) {
      builder.setScoreThreshold(threshold);
    }
    if (query.candidates() != null) {
      builder.setCandidates(candidates(query.candidates()));
    }
    if (query.groupBy() != null) {
      builder.setGroupBy(query.groupBy().text());
    }
    return builder.build();
  }

  private static ShardQuery query(ShardQueryMessage message) {
    return new ShardQuery(
        RankingMessages.ranking(message.getRanking()),
        message.getUsing(),
        FilterMessages.nullable(message.hasFilter(), message.getFilter()),
        params(message.getParams()),
        message.getLimit(),
        message.hasScoreThreshold() ? (Float) message.getScoreThreshold() : null,
        message.hasCandidates() ? candidates(message.getCandidates()) : null,
        message.hasGroupBy() ? KeyPath.parse(message.getGroupBy()) : null);
  }

  private static CandidatesMessage candidates(Candidates candidates) {
    int width = candidates.scores().isEmpty() ? 0 : candidates.scores().getFirst().size();
    float[] flat = new float[candidates.scores().size() * width];
    int at = 0;
    for (List<Float> scores : candidates.scores()) {
      for (float score : scores) {
        flat[at++] = score;
      }
    }
    CandidatesMessage.Builder builder =
        CandidatesMessage.newBuilder().setScoresPerId(width).setScores(Bytes.ofFloats(flat));
    candidates.ids().forEach(id -> builder.addIds(PointMessages.id(id)));
    return builder.build();
  }

  private static Candidates candidates(CandidatesMessage message) {
    List<PointId> ids = message.getIdsList().stream().map(PointMessages::id).toList();
    float[] flat = Bytes.floats(message.getScores());
    int width = message.getScoresPerId();
    if (flat.length != (long) width * ids.size()) {
      throw new IllegalArgumentException(
          "%d scores of %d candidates, %d each".formatted(flat.length, ids.size(), width));
    }
    List<List<Float>> scores = new ArrayList<>();
    for (int from = 0; from < flat.length; from += width) {
      List<Float> each = new ArrayList<>(width);
      for (int i = from; i < from + width; i++) {
        each.add(flat[i]);
      }
      scores.add(List.copyOf(each));
    }
    return new Candidates(ids, scores);
  }

  private static SearchParamsMessage params(SearchParams params) {
    SearchParamsMessage.Builder builder =
        SearchParamsMessage.newBuilder()
            .setExact(params.exact())
            .setIndexedOnly(params.indexedOnly());
    Integer ef = params.hnswEf();
    if (ef != null) {
      builder.setHnswEf(ef);
    }
    QuantizationSearch quantization = params.quantization();
    builder.setIgnoreQuantization(quantization.ignore());
    Boolean rescore = quantization.rescore();
    if (rescore != null) {
      builder.setRescore(rescore);
    }
    Double oversampling = quantization.oversampling();
    if (oversampling != null) {
      builder.setOversampling(oversampling);
    }
    return builder.build();
  }

  private static SearchParams params(SearchParamsMessage message) {
    return new SearchParams(
        message.hasHnswEf() ? (Integer) message.getHnswEf() : null,
        message.getExact(),
        message.getIndexedOnly(),
        null,
        new QuantizationSearch(
            message.getIgnoreQuantization(),
            message.hasRescore() ? (Boolean) message.getRescore() : null,
            message.hasOversampling() ? (Double) message.getOversampling() : null));
  }

  static SearchResponseMessage search(SearchResponse response) {
    SearchResponseMessage.Builder builder =
        SearchResponseMessage.newBuilder()
            .setPosition(response.position())
            .setLeaseId(response.leaseId());
    for (List<Hit> hits : response.hits()) {
      HitsMessage.Builder result = HitsMessage.newBuilder();
      hits.forEach(hit -> result.addHits(hit(hit)));
      builder.addResults(result);
    }
    return builder.build();
  }

  static SearchResponse search(SearchResponseMessage message) {
    List<List<Hit>> results = new ArrayList<>(message.getResultsCount());
    for (HitsMessage result : message.getResultsList()) {
      results.add(result.getHitsList().stream().map(SearchMessages::hit).toList());
    }
    return new SearchResponse(results, message.getPosition(), message.getLeaseId());
  }

  private static HitMessage hit(Hit hit) {
    HitMessage.Builder builder =
        HitMessage.newBuilder().setVersion(hit.version()).setScore(hit.score());
    switch (hit.id()) {
      case PointId.Num number -> builder.setNum(number.bits());
      case PointId.Uuid uuid -> builder.setUuid(Bytes.ofUuid(uuid.value()));
    }
    hit.groups().forEach(value -> builder.addGroups(ByteString.copyFrom(JsonCodec.write(value))));
    switch (hit.order()) {
      case null -> {}
      case OrderValue.Whole(long value) -> builder.setWhole(value);
      case OrderValue.Real(double value) -> builder.setReal(value);
    }
    if (hit.point() != null) {
      builder.setPoint(PointMessages.stored(hit.point()));
    }
    return builder.build();
  }

  private static Hit hit(HitMessage message) {
    PointId id =
        switch (message.getIdCase()) {
          case NUM -> PointId.of(message.getNum());
          case UUID -> PointId.of(Bytes.uuid(message.getUuid()));
          case ID_NOT_SET -> throw new IllegalArgumentException("id of a hit is not set");
        };
    return new Hit(
        id,
        message.getVersion(),
        message.getScore(),
        message.getGroupsList().stream().map(SearchMessages::json).toList(),
        switch (message.getOrderCase()) {
          case WHOLE -> new OrderValue.Whole(message.getWhole());
          case REAL -> new OrderValue.Real(message.getReal());
          case ORDER_NOT_SET -> null;
        },
        message.hasPoint() ? PointMessages.stored(message.getPoint()) : null);
  }

  private static JsonValue json(ByteString utf8) {
    try {
      return JsonCodec.parse(utf8.toByteArray());
    } catch (IOException e) {
      throw new IllegalArgumentException("a value does not parse", e);
    }
  }

  static FacetRequestMessage facet(FacetRequest request) {
    FacetRequestMessage.Builder builder =
        FacetRequestMessage.newBuilder()
            .setShard(MetaMessages.shardId(request.shard()))
            .setBounds(ShardMessages.bounds(request.bounds()))
            .setKey(request.key().text())
            .setType(request.type().name())
            .setLimit(request.limit());
    if (request.filter() != null) {
      builder.setFilter(FilterMessages.filter(request.filter()));
    }
    return builder.build();
  }

  static FacetRequest facet(FacetRequestMessage message) {
    return new FacetRequest(
        MetaMessages.shardId(message.getShard()),
        ShardMessages.bounds(message.getBounds()),
        KeyPath.parse(message.getKey()),
        FieldIndex.Type.valueOf(message.getType()),
        FilterMessages.nullable(message.hasFilter(), message.getFilter()),
        message.getLimit());
  }

  static FacetResponseMessage facet(FacetResponse response) {
    FacetResponseMessage.Builder builder =
        FacetResponseMessage.newBuilder().setPosition(response.position());
    for (FacetHit hit : response.hits()) {
      builder.addHits(
          FacetHitMessage.newBuilder()
              .setValue(ByteString.copyFrom(JsonCodec.write(hit.value())))
              .setCount(hit.count()));
    }
    return builder.build();
  }

  static FacetResponse facet(FacetResponseMessage message) {
    return new FacetResponse(
        message.getHitsList().stream()
            .map(hit -> new FacetHit(json(hit.getValue()), hit.getCount()))
            .toList(),
        message.getPosition());
  }

  static FetchRequestMessage fetch(FetchRequest request) {
    FetchRequestMessage.Builder builder =
        FetchRequestMessage.newBuilder()
            .setShard(MetaMessages.shardId(request.shard()))
            .setLeaseId(request.leaseId())
            .addAllVersions(request.versions())
            .setPayload(PointMessages.selector(request.payload()))
            .setVectors(PointMessages.selector(request.vectors()))
            .setKeepLease(request.keepLease());
    request.ids().forEach(id -> builder.addIds(PointMessages.id(id)));
    return builder.build();
  }

  static FetchRequest fetch(FetchRequestMessage message) {
    return new FetchRequest(
        MetaMessages.shardId(message.getShard()),
        message.getLeaseId(),
        message.getIdsList().stream().map(PointMessages::id).toList(),
        message.getVersionsList(),
        PointMessages.selector(message.getPayload()),
        PointMessages.selector(message.getVectors()),
        message.getKeepLease());
  }
}
