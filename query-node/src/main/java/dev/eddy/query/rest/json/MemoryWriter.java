package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.eddy.model.cluster.NodeReport.MemoryReport;
import dev.eddy.model.shard.MemoryUse;
import dev.eddy.query.collection.CollectionMemory;
import java.io.IOException;

/** What shards hold, by component: in memory, and in files. Stateless. */
public final class MemoryWriter {
  private MemoryWriter() {}

  /** Of a collection: the sum and each shard. */
  public static void collection(JsonGenerator generator, CollectionMemory memory)
      throws IOException {
    generator.writeStartObject();
    generator.writeFieldName("total");
    use(generator, memory.total());
    generator.writeArrayFieldStart("shards");
    for (int shard = 0; shard < memory.shards().size(); shard++) {
      generator.writeStartObject();
      generator.writeNumberField("shard_id", shard);
      generator.writeFieldName("use");
      use(generator, memory.shards().get(shard));
      generator.writeEndObject();
    }
    generator.writeEndArray();
    generator.writeEndObject();
  }

  /** Of a node: what counts against its limit, and all of it by component. */
  static void report(JsonGenerator generator, MemoryReport report) throws IOException {
    generator.writeStartObject();
    generator.writeNumberField("held_bytes", report.heldBytes());
    generator.writeNumberField("limit_bytes", report.limitBytes());
    generator.writeBooleanField("full", report.isFull());
    components(generator, report.use());
    generator.writeEndObject();
  }

  static void use(JsonGenerator generator, MemoryUse use) throws IOException {
    generator.writeStartObject();
    bytes(generator, new MemoryUse.Bytes(use.memoryBytes(), use.fileBytes()));
    components(generator, use);
    if (!use.fieldIndexes().isEmpty()) {
      generator.writeObjectFieldStart("field_indexes");
      for (var field : use.fieldIndexes().entrySet()) {
        generator.writeObjectFieldStart(field.getKey());
        generator.writeNumberField("ram_bytes", field.getValue());
        generator.writeEndObject();
      }
      generator.writeEndObject();
    }
    generator.writeEndObject();
  }

  private static void components(JsonGenerator generator, MemoryUse use) throws IOException {
    generator.writeObjectFieldStart("components");
    for (var component : use.components().entrySet()) {
      generator.writeObjectFieldStart(component.getKey().label());
      bytes(generator, component.getValue());
      generator.writeEndObject();
    }
    generator.writeEndObject();
  }

  private static void bytes(JsonGenerator generator, MemoryUse.Bytes bytes) throws IOException {
    generator.writeNumberField("disk_bytes", bytes.files());
    generator.writeNumberField("ram_bytes", bytes.memory());
  }
}
