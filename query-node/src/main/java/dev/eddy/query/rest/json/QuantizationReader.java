package dev.eddy.query.rest.json;

import dev.eddy.model.collection.Quantization;
import dev.eddy.model.collection.Quantization.Bits;
import dev.eddy.model.collection.Quantization.Compression;
import dev.eddy.model.collection.Quantization.Encoding;
import dev.eddy.model.collection.Quantization.QueryEncoding;
import dev.eddy.model.collection.Quantization.Scalar;
import dev.eddy.model.collection.QuantizationDiff;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code quantization_config} of a collection or of a vector. */
final class QuantizationReader {
  /** Where a body has more than one, the first of these counts. */
  private static final List<String> KINDS = List.of("scalar", "product", "binary", "turbo");

  private final JsonBody body;
  private @Nullable Boolean alwaysRam;
  private @Nullable String memory;

  private QuantizationReader(JsonBody body) {
    this.body = body;
  }

  /** One of the kinds. */
  static Quantization read(JsonBody body) throws IOException {
    return read(body, "QuantizationConfig");
  }

  /** One of the kinds, or {@code "Disabled"}. */
  static QuantizationDiff diff(JsonBody body) throws IOException {
    String expected = "QuantizationConfigDiff";
    if (!body.isString()) {
      return new QuantizationDiff(read(body, expected));
    }
    if (!body.string().equals("Disabled")) {
      throw body.noVariant(expected);
    }
    return QuantizationDiff.DISABLED;
  }

  private static Quantization read(JsonBody body, String expected) throws IOException {
    if (!body.isObject()) {
      throw body.noVariant(expected);
    }
    Map<String, Quantization> given = new HashMap<>();
    body.object(
        expected,
        field -> {
          if (KINDS.contains(field)) {
            given.put(field, new QuantizationReader(body).kind(field));
          } else {
            body.skip();
          }
        });
    return KINDS.stream()
        .map(given::get)
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow(() -> body.noVariant(expected));
  }

  private Quantization kind(String kind) throws IOException {
    return switch (kind) {
      case "scalar" -> scalar();
      case "product" -> product();
      case "binary" -> binary();
      default -> turbo();
    };
  }

  private Scalar scalar() throws IOException {
    var draft =
        new Object() {
          boolean hasType;
          @Nullable Float quantile;
        };
    body.object(
        "struct ScalarQuantizationConfig",
        field -> {
          switch (field) {
            case "type" -> {
              body.word(List.of("int8"));
              draft.hasType = true;
            }
            case "quantile" ->
                draft.quantile = (float) body.f64Within(Scalar.QUANTILE_MIN, Scalar.QUANTILE_MAX);
            default -> placement(field);
          }
        });
    if (!draft.hasType) {
      throw body.missing("type");
    }
    return new Scalar(draft.quantile, alwaysRam, memory);
  }

  private Quantization.Product product() throws IOException {
    var draft =
        new Object() {
          @Nullable Compression compression;
        };
    body.object(
        "struct ProductQuantizationConfig",
        field -> {
          if (field.equals("compression")) {
            draft.compression = constant(Compression.values(), Compression::apiName);
          } else {
            placement(field);
          }
        });
    if (draft.compression == null) {
      throw body.missing("compression");
    }
    return new Quantization.Product(draft.compression, alwaysRam, memory);
  }

  private Quantization.Binary binary() throws IOException {
    var draft =
        new Object() {
          @Nullable Encoding encoding;
          @Nullable QueryEncoding queryEncoding;
        };
    body.object(
        "struct BinaryQuantizationConfig",
        field -> {
          switch (field) {
            case "encoding" -> draft.encoding = constant(Encoding.values(), Encoding::apiName);
            case "query_encoding" ->
                draft.queryEncoding = constant(QueryEncoding.values(), QueryEncoding::apiName);
            default -> placement(field);
          }
        });
    return new Quantization.Binary(draft.encoding, draft.queryEncoding, alwaysRam, memory);
  }

  private Quantization.Turbo turbo() throws IOException {
    var draft =
        new Object() {
          @Nullable Bits bits;
        };
    body.object(
        "struct TurboQuantQuantizationConfig",
        field -> {
          if (field.equals("bits")) {
            draft.bits = constant(Bits.values(), Bits::apiName);
          } else {
            placement(field);
          }
        });
    return new Quantization.Turbo(draft.bits, alwaysRam, memory);
  }

  /** What all kinds have. */
  private void placement(String field) throws IOException {
    switch (field) {
      case "always_ram" -> alwaysRam = body.bool();
      case "memory" -> memory = ConfigReader.memory(body);
      default -> body.skip();
    }
  }

  private <E> E constant(E[] constants, Function<E, String> apiName) throws IOException {
    String word = body.word(Arrays.stream(constants).map(apiName).toList());
    return Arrays.stream(constants)
        .filter(constant -> apiName.apply(constant).equals(word))
        .findFirst()
        .orElseThrow();
  }
}
