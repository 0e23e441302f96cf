package dev.eddy.query.read;

import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.query.FacetHit;
import dev.eddy.model.query.FacetQuery;
import dev.eddy.model.shard.ShardService.CountRequest;
import dev.eddy.model.shard.ShardService.CountResponse;
import dev.eddy.model.shard.ShardService.FacetRequest;
import dev.eddy.model.shard.ShardService.FacetResponse;
import dev.eddy.model.shard.ShardService.TermCounts;
import dev.eddy.model.shard.ShardService.TermsRequest;
import dev.eddy.model.shard.ShardService.TermsResponse;
import dev.eddy.query.fanout.ReadScope;
import dev.eddy.query.fanout.ShardFanout;
import dev.eddy.query.fanout.ShardFanout.Answered;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is counted over all shards of a collection: each shard counts its own points, the sums are
 * made here.
 *
 * <p>Threading: safe from any thread; the positions of a call belong to its caller.
 */
final class ShardCounts {
  private final ShardFanout fanout;

  ShardCounts(ShardFanout fanout) {
    this.fanout = fanout;
  }

  /** Points that match; all of them without a filter. */
  long points(ReadScope scope, @Nullable Filter filter, boolean exact, Positions positions) {
    List<Answered<CountResponse>> answers =
        fanout.callEach(
            scope,
            ShardFanout.allShards(scope),
            shard ->
                (service, bounds) ->
                    service.count(new CountRequest(scope.shardId(shard), bounds, filter, exact)),
            ignored -> {});
    long count = 0;
    for (Answered<CountResponse> answer : answers) {
      positions.answered(answer.shard(), answer.value().position());
      count += answer.value().count();
    }
    return count;
  }

  /** The most frequent values of a field that is declared with this type. */
  List<FacetHit> facet(
      ReadScope scope, FacetQuery query, FieldIndex.Type type, Positions positions) {
    List<Answered<FacetResponse>> answers =
        fanout.callEach(
            scope,
            ShardFanout.allShards(scope),
            shard ->
                (service, bounds) ->
                    service.facet(
                        new FacetRequest(
                            scope.shardId(shard), bounds, query.key(), type, query.filter())),
            ignored -> {});
    Map<JsonValue, Long> counts = new HashMap<>();
    for (Answered<FacetResponse> answer : answers) {
      positions.answered(answer.shard(), answer.value().position());
      answer.value().hits().forEach(hit -> counts.merge(hit.value(), hit.count(), Long::sum));
    }
    return FacetCounts.most(counts, query.limit());
  }

  /** How rare indices of a sparse vector are in the whole collection. */
  TermCounts terms(
      ReadScope scope, IdfWeights.Corpus corpus, List<Integer> indices, Positions positions) {
    List<Answered<TermsResponse>> answers =
        fanout.callEach(
            scope,
            ShardFanout.allShards(scope),
            shard ->
                (service, bounds) ->
                    service.countTerms(
                        new TermsRequest(
                            scope.shardId(shard),
                            bounds,
                            corpus.using(),
                            indices,
                            corpus.filter())),
            ignored -> {});
    long points = 0;
    long[] frequencies = new long[indices.size()];
    for (Answered<TermsResponse> answer : answers) {
      positions.answered(answer.shard(), answer.value().position());
      TermCounts counts = answer.value().counts();
      points += counts.points();
      for (int i = 0; i < frequencies.length; i++) {
        frequencies[i] += counts.frequencies().get(i);
      }
    }
    return new TermCounts(points, Arrays.stream(frequencies).boxed().toList());
  }
}
