package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.eddy.model.collection.Quantization;
import dev.eddy.model.collection.Quantization.Bits;
import dev.eddy.model.collection.Quantization.Encoding;
import dev.eddy.model.collection.Quantization.QueryEncoding;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** {@code quantization_config} as it was given. */
final class QuantizationWriter {
  private QuantizationWriter() {}

  static void write(JsonGenerator generator, @Nullable Quantization quantization)
      throws IOException {
    switch (quantization) {
      case null -> generator.writeNull();
      case Quantization.Scalar scalar -> {
        start(generator, "scalar");
        generator.writeStringField("type", "int8");
        Float quantile = scalar.quantile();
        if (quantile != null) {
          generator.writeNumberField("quantile", quantile);
        }
        end(generator, scalar);
      }
      case Quantization.Product product -> {
        start(generator, "product");
        generator.writeStringField("compression", product.compression().apiName());
        end(generator, product);
      }
      case Quantization.Binary binary -> {
        start(generator, "binary");
        Encoding encoding = binary.encoding();
        if (encoding != null) {
          generator.writeStringField("encoding", encoding.apiName());
        }
        QueryEncoding queryEncoding = binary.queryEncoding();
        if (queryEncoding != null) {
          generator.writeStringField("query_encoding", queryEncoding.apiName());
        }
        end(generator, binary);
      }
      case Quantization.Turbo turbo -> {
        start(generator, "turbo");
        Bits bits = turbo.bits();
        if (bits != null) {
          generator.writeStringField("bits", bits.apiName());
        }
        end(generator, turbo);
      }
    }
  }

  private static void start(JsonGenerator generator, String kind) throws IOException {
    generator.writeStartObject();
    generator.writeObjectFieldStart(kind);
  }

  private static void end(JsonGenerator generator, Quantization quantization) throws IOException {
    Boolean alwaysRam = quantization.alwaysRam();
    if (alwaysRam != null) {
      generator.writeBooleanField("always_ram", alwaysRam);
    }
    String memory = quantization.memory();
    if (memory != null) {
      generator.writeStringField("memory", memory);
    }
    generator.writeEndObject();
    generator.writeEndObject();
  }
}
