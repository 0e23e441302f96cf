package dev.eddy.proto.shard;

import dev.eddy.model.usage.Explanation;
import dev.eddy.model.usage.FilterPlans.Plan;
import dev.eddy.model.usage.FilterPlans.Step;
import dev.eddy.model.usage.PlanSums;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How filtered searches went, as messages and back. What a node of another version tells and this
 * one does not know is left out. Stateless.
 */
public final class PlanMessages {
  private PlanMessages() {}

  /** The answer with what explains it. */
  public static SearchResponseMessage explained(
      SearchResponseMessage answer, Explanation explanation) {
    SearchResponseMessage.Builder builder = answer.toBuilder();
    explanation.steps().forEach(each -> builder.addPlans(step(each.step())));
    return builder.build();
  }

  private static PlanStepMessage step(Step step) {
    return PlanStepMessage.newBuilder()
        .setQuery(step.query())
        .setSegment(step.segment())
        .setPlan(step.plan().name())
        .setGivenUp(step.isGivenUp())
        .setPoints(step.points())
        .setEstimated(step.estimated())
        .setMatched(step.matched())
        .setVisitedRows(step.visitedRows())
        .setCostRows(step.costRows())
        .build();
  }

  /** What explains an answer. */
  public static List<Step> steps(SearchResponseMessage answer) {
    return answer.getPlansList().stream()
        .flatMap(message -> plan(message.getPlan()).map(plan -> step(plan, message)).stream())
        .toList();
  }

  private static Step step(Plan plan, PlanStepMessage message) {
    return new Step(
        message.getQuery(),
        message.getSegment(),
        plan,
        message.getGivenUp(),
        message.getPoints(),
        message.getEstimated(),
        message.getMatched(),
        message.getVisitedRows(),
        message.getCostRows());
  }

  private static Optional<Plan> plan(String name) {
    return Arrays.stream(Plan.values()).filter(plan -> plan.name().equals(name)).findAny();
  }

  static List<PlanSumsMessage> sums(PlanSums plans) {
    return plans.byPlan().entrySet().stream()
        .map(each ->
            PlanSumsMessage.newBuilder()
                .setPlan(each.getKey().name())
                .addAllSums(each.getValue())
                .build())
        .toList();
  }

  static PlanSums sums(List<PlanSumsMessage> messages) {
    Map<Plan, List<Long>> byPlan = new EnumMap<>(Plan.class);
    for (PlanSumsMessage message : messages) {
      if (message.getSumsCount() == PlanSums.Sum.values().length) {
        plan(message.getPlan()).ifPresent(plan -> byPlan.put(plan, message.getSumsList()));
      }
    }
    return new PlanSums(byPlan);
  }
}
