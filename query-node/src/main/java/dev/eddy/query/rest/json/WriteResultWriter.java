package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.eddy.query.write.WriteResult;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Receipts of writes in answers. */
public final class WriteResultWriter {
  private WriteResultWriter() {}

  public static void result(JsonGenerator generator, WriteResult result) throws IOException {
    generator.writeStartObject();
    generator.writeNumberField("operation_id", result.operationId());
    generator.writeStringField("status", result.status().name().toLowerCase(Locale.ROOT));
    generator.writeEndObject();
  }

  public static void results(JsonGenerator generator, List<WriteResult> results)
      throws IOException {
    generator.writeStartArray();
    for (WriteResult result : results) {
      result(generator, result);
    }
    generator.writeEndArray();
  }
}
