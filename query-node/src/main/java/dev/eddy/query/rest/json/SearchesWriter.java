package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.eddy.model.shard.VectorForms;
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
    forms(generator, shard.forms());
  }

  private static void forms(JsonGenerator generator, VectorForms forms) throws IOException {
    generator.writeObjectFieldStart("vector_forms");
    generator.writeNumberField("whole", forms.whole());
    generator.writeNumberField("coded", forms.coded());
    generator.writeNumberField("fused", forms.fused());
    generator.writeNumberField("fused_slots", forms.slots());
    generator.writeObjectFieldStart("unfused");
    for (Map.Entry<VectorForms.Unfused, Long> why : forms.unfused().entrySet()) {
      generator.writeNumberField(why.getKey().name().toLowerCase(Locale.ROOT), why.getValue());
    }
    generator.writeEndObject();
    generator.writeEndObject();
  }
}
