package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.eddy.model.cluster.NodeReport.QuotaReport;
import dev.eddy.model.cluster.QuotaConfig;
import dev.eddy.query.quota.QuotaExceeded;
import dev.eddy.query.service.QuotaStatus;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Quotas and how close a node is to them. */
public final class QuotaWriter {
  private QuotaWriter() {}

  public static void status(JsonGenerator generator, QuotaStatus status) throws IOException {
    generator.writeStartObject();
    generator.writeFieldName("config");
    config(generator, status.config());
    generator.writeObjectFieldStart("usage");
    number(generator, "resident_memory_percent", status.use().residentMemoryPercent());
    number(generator, "disk_usage_percent", status.use().diskUsagePercent());
    generator.writeEndObject();
    if (!status.peers().isEmpty()) {
      generator.writeObjectFieldStart("peers");
      for (Map.Entry<Long, QuotaReport> peer : status.peers().entrySet()) {
        generator.writeFieldName(Long.toUnsignedString(peer.getKey()));
        peer(generator, peer.getValue());
      }
      generator.writeEndObject();
    }
    generator.writeEndObject();
  }

  private static void peer(JsonGenerator generator, QuotaReport peer) throws IOException {
    generator.writeStartObject();
    generator.writeBooleanField("exceeded", peer.exceeded());
    number(generator, "resident_memory_percent", peer.residentMemoryPercent());
    number(generator, "disk_usage_percent", peer.diskUsagePercent());
    generator.writeEndObject();
  }

  static void config(JsonGenerator generator, QuotaConfig config) throws IOException {
    generator.writeStartObject();
    generator.writeBooleanField("enabled", config.enabled());
    if (config.maxResidentMemoryPercent() != null) {
      generator.writeNumberField("max_resident_memory_percent", config.maxResidentMemoryPercent());
    }
    if (config.maxDiskUsagePercent() != null) {
      generator.writeNumberField("max_disk_usage_percent", config.maxDiskUsagePercent());
    }
    if (config.releaseMarginPercent() != null) {
      generator.writeNumberField("release_margin_percent", config.releaseMarginPercent());
    }
    generator.writeEndObject();
  }

  static void exceeded(JsonGenerator generator, QuotaExceeded exceeded) throws IOException {
    generator.writeStartObject();
    flag(generator, "resident_memory", exceeded.residentMemory());
    flag(generator, "disk_usage", exceeded.diskUsage());
    generator.writeEndObject();
  }

  private static void number(JsonGenerator generator, String field, @Nullable Integer value)
      throws IOException {
    if (value == null) {
      generator.writeNullField(field);
    } else {
      generator.writeNumberField(field, value);
    }
  }

  private static void flag(JsonGenerator generator, String field, @Nullable Boolean value)
      throws IOException {
    if (value == null) {
      generator.writeNullField(field);
    } else {
      generator.writeBooleanField(field, value);
    }
  }
}
