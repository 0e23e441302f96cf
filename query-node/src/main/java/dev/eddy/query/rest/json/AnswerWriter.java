package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import dev.eddy.model.usage.HardwareUsage;
import dev.eddy.model.usage.RequestUsage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/** The contract's envelope around results and errors. */
public final class AnswerWriter {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  private AnswerWriter() {}

  /** Writes one value. */
  @FunctionalInterface
  public interface ResultWriter {
    void write(JsonGenerator generator) throws IOException;
  }

  /**
   * A success.
   *
   * @param startedNanos when the request came, by {@link System#nanoTime}
   */
  public static byte[] ok(ResultWriter result, long startedNanos) {
    return bare(generator -> {
      generator.writeStartObject();
      generator.writeFieldName("result");
      result.write(generator);
      generator.writeStringField("status", "ok");
      writeTime(generator, startedNanos);
      Optional<RequestUsage> usage = RequestUsage.told();
      if (usage.isPresent()) {
        writeUsage(generator, usage.get());
      }
      generator.writeEndObject();
    });
  }

  private static void writeUsage(JsonGenerator generator, RequestUsage usage) throws IOException {
    generator.writeObjectFieldStart("usage");
    if (usage.hardware().isPresent()) {
      generator.writeObjectFieldStart("hardware");
      for (HardwareUsage.Part part : HardwareUsage.Part.values()) {
        generator.writeNumberField(part.apiName(), usage.hardware().get().get(part));
      }
      generator.writeEndObject();
    }
    if (!usage.tokens().isEmpty()) {
      generator.writeObjectFieldStart("inference");
      generator.writeObjectFieldStart("models");
      for (Map.Entry<String, Long> model : usage.tokens().entrySet()) {
        generator.writeObjectFieldStart(model.getKey());
        generator.writeNumberField("tokens", model.getValue());
        generator.writeEndObject();
      }
      generator.writeEndObject();
      generator.writeEndObject();
    }
    generator.writeEndObject();
  }

  public static byte[] error(String text, long startedNanos) {
    return bare(generator -> {
      generator.writeStartObject();
      generator.writeObjectFieldStart("status");
      // A text may quote half a surrogate pair of the request, which has no UTF-8 form.
      generator.writeStringField("error", wellFormed(text));
      generator.writeEndObject();
      writeTime(generator, startedNanos);
      generator.writeEndObject();
    });
  }

  private static void writeTime(JsonGenerator generator, long startedNanos) throws IOException {
    generator.writeNumberField("time", (System.nanoTime() - startedNanos) / 1e9);
  }

  private static String wellFormed(String text) {
    StringBuilder fixed = new StringBuilder(text.length());
    text.codePoints()
        .map(point -> point >= 0xD800 && point <= 0xDFFF ? '?' : point)
        .forEach(fixed::appendCodePoint);
    return fixed.toString();
  }

  /** JSON without an envelope. */
  public static byte[] bare(ResultWriter content) {
    ByteSink sink = new ByteSink();
    try (JsonGenerator generator = FACTORY.createGenerator(sink)) {
      content.write(generator);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sink.toByteArray();
  }
}
