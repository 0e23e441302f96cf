package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** Telemetry in the contract's shortest form: what kind of server this is, without statistics. */
public final class TelemetryWriter {
  private TelemetryWriter() {}

  public static void telemetry(JsonGenerator generator, String version, int collectionCount)
      throws IOException {
    generator.writeStartObject();
    generator.writeStringField("id", "00000000-0000-0000-0000-000000000000");
    generator.writeObjectFieldStart("app");
    generator.writeStringField("name", "qdrant");
    generator.writeStringField("version", version);
    generator.writeEndObject();
    generator.writeObjectFieldStart("collections");
    generator.writeNumberField("number_of_collections", collectionCount);
    generator.writeEndObject();
    generator.writeObjectFieldStart("cluster");
    generator.writeBooleanField("enabled", false);
    generator.writeEndObject();
    generator.writeNullField("requests");
    generator.writeNullField("quota");
    generator.writeEndObject();
  }
}
