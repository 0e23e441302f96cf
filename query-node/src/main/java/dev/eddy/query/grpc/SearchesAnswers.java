package dev.eddy.query.grpc;

import dev.eddy.model.shard.VectorForms;
import dev.eddy.model.usage.PlanSums.Sum;
import dev.eddy.proto.v1.FormsTelemetry;
import dev.eddy.proto.v1.PlanTelemetry;
import dev.eddy.proto.v1.ShardTelemetry;
import dev.eddy.query.collection.CollectionSearches;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** How a shard is searched, as messages. Stateless. */
final class SearchesAnswers {
  private SearchesAnswers() {}

  static void add(ShardTelemetry.Builder answer, CollectionSearches.Shard shard) {
    shard
        .plans()
        .byPlan()
        .forEach((plan, sums) ->
            answer.putFilterPlans(plan.name().toLowerCase(Locale.ROOT), message(sums)));
    VectorForms forms = shard.forms();
    FormsTelemetry.Builder told =
        FormsTelemetry.newBuilder()
            .setWhole(forms.whole())
            .setCoded(forms.coded())
            .setFused(forms.fused())
            .setFusedSlots(forms.slots());
    forms
        .unfused()
        .forEach((why, count) -> told.putUnfused(why.name().toLowerCase(Locale.ROOT), count));
    answer.setVectorForms(told);
  }

  private static PlanTelemetry message(List<Long> sums) {
    ToLongFunction<Sum> of = sum -> sums.get(sum.ordinal());
    return PlanTelemetry.newBuilder()
        .setTried(of.applyAsLong(Sum.TRIED))
        .setGivenUp(of.applyAsLong(Sum.GIVEN_UP))
        .setPoints(of.applyAsLong(Sum.POINTS))
        .setVisitedRows(of.applyAsLong(Sum.VISITED_ROWS))
        .setCostRows(of.applyAsLong(Sum.COST_ROWS))
        .setEstimates(of.applyAsLong(Sum.ESTIMATES))
        .setEstimated(of.applyAsLong(Sum.ESTIMATED))
        .setChecked(of.applyAsLong(Sum.CHECKED))
        .setCheckedEstimated(of.applyAsLong(Sum.CHECKED_ESTIMATED))
        .setCheckedMatched(of.applyAsLong(Sum.CHECKED_MATCHED))
        .build();
  }
}
