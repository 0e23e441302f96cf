package dev.eddy.query.rest.json;

import dev.eddy.model.cluster.QuotaConfig;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Quotas, as a body gives them: what it leaves out is not limited. */
public final class QuotaReader {
  private QuotaReader() {}

  public static QuotaConfig read(JsonBody body) throws IOException {
    var draft =
        new Object() {
          boolean enabled;
          @Nullable Integer memory;
          @Nullable Integer disk;
          @Nullable Integer margin;
        };
    body.object(
        "struct QuotaConfig",
        field -> {
          switch (field) {
            case "enabled" -> draft.enabled = body.bool();
            case "max_resident_memory_percent" -> draft.memory = body.percent(1);
            case "max_disk_usage_percent" -> draft.disk = body.percent(1);
            case "release_margin_percent" -> draft.margin = body.percent(0);
            default -> body.skip();
          }
        });
    return new QuotaConfig(draft.enabled, draft.memory, draft.disk, draft.margin);
  }
}
