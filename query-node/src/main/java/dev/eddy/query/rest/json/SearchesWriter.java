package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.eddy.model.usage.FilterPlans.Plan;
import dev.eddy.model.usage.PlanSums;
import dev.eddy.query.collection.CollectionSearches;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How a shard is searched. */
final class SearchesWriter {
  private SearchesWriter() {}

  /** As members of an object that is open. */
  static void members(JsonGenerator generator, CollectionSearches.Shard shard) throws IOException {
    generator.writeObjectFieldStart("filter_plans");
    for (Map.Entry<Plan, List<Long>> plan : shard.plans().byPlan().entrySet()) {
      generator.writeObjectFieldStart(plan.getKey().name().toLowerCase(Locale.ROOT));
      for (PlanSums.Sum sum : PlanSums.Sum.values()) {
        generator.writeNumberField(
            sum.name().toLowerCase(Locale.ROOT), plan.getValue().get(sum.ordinal()));
      }
      generator.writeEndObject();
    }
    generator.writeEndObject();
  }
}
