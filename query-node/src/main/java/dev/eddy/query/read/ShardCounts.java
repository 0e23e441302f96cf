package dev.eddy.query.read;

import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.query.FacetHit;
import dev.eddy.model.query.FacetQuery;
import dev.eddy.model.query.Ranking;
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
import dev.eddy.query.fanout.ShardFanout.ShardCall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
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
    List<CountResponse> answers =
        answers(
            scope,
            positions,
            shard ->
                (service, bounds) ->
                    service.count(new CountRequest(scope.shardId(shard), bounds, filter, exact)),
            CountResponse::position);
    return answers.stream().mapToLong(CountResponse::count).sum();
  }

  /** The most frequent values of a field that is declared with this type. */
  List<FacetHit> facet(
      ReadScope scope, FacetQuery query, FieldIndex.Type type, Positions positions) {
    // Of several shards each may have a few of what is frequent over all.
    int limit = scope.shardCount() == 1 ? query.limit() : 0;
    List<FacetResponse> answers =
        answers(
            scope,
            positions,
            shard ->
                (service, bounds) ->
                    service.facet(
                        new FacetRequest(
                            scope.shardId(shard),
                            bounds,
                            query.key(),
                            type,
                            query.filter(),
                            limit)),
            FacetResponse::position);
    Map<JsonValue, Long> counts = new HashMap<>();
    for (FacetResponse answer : answers) {
      answer.hits().forEach(hit -> counts.merge(hit.value(), hit.count(), Long::sum));
    }
    return FacetCounts.most(counts, query.limit());
  }

  /** Weighs rankings for a name by the counts of the whole collection, where it asks for that. */
  UnaryOperator<List<Ranking>> weighing(ReadScope scope, String using, Positions positions) {
    return rankings ->
        new IdfWeights(scope.generation().spec())
            .weighted(
                using, rankings, (corpus, indices) -> terms(scope, corpus, indices, positions));
  }

  /** How rare indices of a sparse vector are in the whole collection. */
  TermCounts terms(
      ReadScope scope, IdfWeights.Corpus corpus, List<Integer> indices, Positions positions) {
    List<TermsResponse> answers =
        answers(
            scope,
            positions,
            shard ->
                (service, bounds) ->
                    service.countTerms(
                        new TermsRequest(
                            scope.shardId(shard),
                            bounds,
                            corpus.using(),
                            indices,
                            corpus.filter())),
            TermsResponse::position);
    long points = 0;
    long[] frequencies = new long[indices.size()];
    for (TermsResponse answer : answers) {
      TermCounts counts = answer.counts();
      points += counts.points();
      for (int i = 0; i < frequencies.length; i++) {
        frequencies[i] += counts.frequencies().get(i);
      }
    }
    return new TermCounts(points, Arrays.stream(frequencies).boxed().toList());
  }

  /** What every shard answers; at which positions is noted. */
  private <A> List<A> answers(
      ReadScope scope,
      Positions positions,
      IntFunction<ShardCall<A>> calls,
      ToLongFunction<A> position) {
    List<A> answers = new ArrayList<>();
    for (Answered<A> answer :
        fanout.callEach(scope, ShardFanout.allShards(scope), calls, ignored -> {})) {
      positions.answered(answer.shard(), position.applyAsLong(answer.value()));
      answers.add(answer.value());
    }
    return answers;
  }
}
