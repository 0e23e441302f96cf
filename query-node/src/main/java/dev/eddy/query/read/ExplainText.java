package dev.eddy.query.read;

import dev.eddy.model.usage.Explanation;
import dev.eddy.model.usage.Explanation.ShardStep;
import dev.eddy.model.usage.FilterPlans;
import dev.eddy.model.usage.FilterPlans.Step;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * How a request's filtered searches went, as a line of JSON that fits a header: an array with an
 * object per step, and where there are too many, how many are left out. Stateless.
 */
public final class ExplainText {
  /** Characters. Common clients take headers of 8 KiB together. */
  static final int LENGTH_MAX = 3_000;

  private ExplainText() {}

  /** By shard and query, and then in the order in which it happened. */
  public static String of(Explanation explanation) {
    List<ShardStep> steps =
        explanation.steps().stream()
            .sorted(
                Comparator.comparingInt(ShardStep::shard)
                    .thenComparingInt(each -> each.step().query()))
            .toList();
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < steps.size(); i++) {
      String more = text(steps.get(i));
      if (text.length() + more.length() > LENGTH_MAX) {
        separated(text, "{\"left_out\":%d}".formatted(steps.size() - i));
        break;
      }
      separated(text, more);
    }
    return text.append(']').toString();
  }

  private static void separated(StringBuilder text, String more) {
    if (text.length() > 1) {
      text.append(',');
    }
    text.append(more);
  }

  private static String text(ShardStep told) {
    Step step = told.step();
    StringBuilder text = new StringBuilder();
    text.append("{\"shard\":%d,\"query\":%d".formatted(told.shard(), step.query()));
    if (step.segment() != FilterPlans.ALL_SEGMENTS) {
      text.append(",\"segment\":%d".formatted(step.segment()));
    }
    text.append(",\"plan\":\"%s\"".formatted(step.plan().name().toLowerCase(Locale.ROOT)));
    text.append(",\"given_up\":%s,\"points\":%d".formatted(step.isGivenUp(), step.points()));
    ifKnown(text, "estimated", step.estimated());
    ifKnown(text, "matched", step.matched());
    return text.append(",\"visited_rows\":%d".formatted(step.visitedRows()))
        .append(",\"cost_rows\":%d}".formatted(step.costRows()))
        .toString();
  }

  private static void ifKnown(StringBuilder text, String name, long number) {
    if (number != FilterPlans.UNKNOWN) {
      text.append(",\"%s\":%d".formatted(name, number));
    }
  }
}
