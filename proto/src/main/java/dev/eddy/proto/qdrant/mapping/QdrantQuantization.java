package dev.eddy.proto.qdrant.mapping;

import dev.eddy.model.collection.Quantization;
import dev.eddy.model.collection.Quantization.Bits;
import dev.eddy.model.collection.Quantization.Compression;
import dev.eddy.model.collection.Quantization.Encoding;
import dev.eddy.model.collection.Quantization.QueryEncoding;
import dev.eddy.model.collection.Quantization.Scalar;
import dev.eddy.model.collection.QuantizationDiff;
import dev.eddy.proto.qdrant.BinaryQuantization;
import dev.eddy.proto.qdrant.BinaryQuantizationEncoding;
import dev.eddy.proto.qdrant.BinaryQuantizationQueryEncoding;
import dev.eddy.proto.qdrant.BinaryQuantizationQueryEncoding.Setting;
import dev.eddy.proto.qdrant.CompressionRatio;
import dev.eddy.proto.qdrant.ProductQuantization;
import dev.eddy.proto.qdrant.QuantizationConfig;
import dev.eddy.proto.qdrant.QuantizationConfigDiff;
import dev.eddy.proto.qdrant.QuantizationType;
import dev.eddy.proto.qdrant.ScalarQuantization;
import dev.eddy.proto.qdrant.TurboQuantBitSize;
import dev.eddy.proto.qdrant.TurboQuantization;
import org.jspecify.annotations.Nullable;

/** By what vectors are to be shortened, as clients give and see it. */
@SuppressWarnings("deprecation") // always_ram is deprecated and still in use.
final class QdrantQuantization {
  private QdrantQuantization() {}

  static @Nullable Quantization config(boolean present, QuantizationConfig message, String path) {
    if (!present) {
      return null;
    }
    return switch (message.getQuantizationCase()) {
      case SCALAR -> scalar(message.getScalar(), path + ".scalar");
      case PRODUCT -> product(message.getProduct(), path + ".product");
      case BINARY -> binary(message.getBinary(), path + ".binary");
      case TURBOQUANT -> turbo(message.getTurboquant(), path + ".turboquant");
      case QUANTIZATION_NOT_SET -> throw Rules.unset(path);
    };
  }

  static @Nullable QuantizationDiff diff(
      boolean present, QuantizationConfigDiff message, String path) {
    if (!present) {
      return null;
    }
    return switch (message.getQuantizationCase()) {
      case SCALAR -> new QuantizationDiff(scalar(message.getScalar(), path + ".scalar"));
      case PRODUCT -> new QuantizationDiff(product(message.getProduct(), path + ".product"));
      case BINARY -> new QuantizationDiff(binary(message.getBinary(), path + ".binary"));
      case TURBOQUANT -> new QuantizationDiff(turbo(message.getTurboquant(), path + ".turboquant"));
      case DISABLED -> QuantizationDiff.DISABLED;
      case QUANTIZATION_NOT_SET -> throw Rules.unset(path);
    };
  }

  private static Scalar scalar(ScalarQuantization message, String path) {
    switch (message.getType()) {
      case Int8 -> {}
      case UnknownQuantization -> throw Rules.unset(path + ".type");
      case UNRECOGNIZED -> throw Rules.unrecognized(path + ".type");
    }
    return new Scalar(
        message.hasQuantile() ? (Float) quantile(message.getQuantile(), path + ".quantile") : null,
        message.hasAlwaysRam() ? (Boolean) message.getAlwaysRam() : null,
        QdrantSettings.memory(message.hasMemory(), message.getMemory(), path + ".memory"));
  }

  private static float quantile(float value, String path) {
    if (!(value >= Scalar.QUANTILE_MIN && value <= Scalar.QUANTILE_MAX)) {
      RuleBook.note(
          "%s: value %s invalid, must be from %s to %s"
              .formatted(path, value, Scalar.QUANTILE_MIN, Scalar.QUANTILE_MAX));
      return Scalar.QUANTILE_MAX;
    }
    return value;
  }

  private static Quantization.Product product(ProductQuantization message, String path) {
    return new Quantization.Product(
        switch (message.getCompression()) {
          case x4 -> Compression.X4;
          case x8 -> Compression.X8;
          case x16 -> Compression.X16;
          case x32 -> Compression.X32;
          case x64 -> Compression.X64;
          case UNRECOGNIZED -> throw Rules.unrecognized(path + ".compression");
        },
        message.hasAlwaysRam() ? (Boolean) message.getAlwaysRam() : null,
        QdrantSettings.memory(message.hasMemory(), message.getMemory(), path + ".memory"));
  }

  private static Quantization.Binary binary(BinaryQuantization message, String path) {
    return new Quantization.Binary(
        message.hasEncoding() ? encoding(message.getEncoding(), path + ".encoding") : null,
        message.hasQueryEncoding()
            ? queryEncoding(message.getQueryEncoding(), path + ".query_encoding")
            : null,
        message.hasAlwaysRam() ? (Boolean) message.getAlwaysRam() : null,
        QdrantSettings.memory(message.hasMemory(), message.getMemory(), path + ".memory"));
  }

  private static Encoding encoding(BinaryQuantizationEncoding message, String path) {
    return switch (message) {
      case OneBit -> Encoding.ONE_BIT;
      case TwoBits -> Encoding.TWO_BITS;
      case OneAndHalfBits -> Encoding.ONE_AND_HALF_BITS;
      case UNRECOGNIZED -> throw Rules.unrecognized(path);
    };
  }

  private static QueryEncoding queryEncoding(BinaryQuantizationQueryEncoding message, String path) {
    return switch (message.getVariantCase()) {
      case SETTING ->
          switch (message.getSetting()) {
            case Default -> QueryEncoding.DEFAULT;
            case Binary -> QueryEncoding.BINARY;
            case Scalar4Bits -> QueryEncoding.SCALAR_4_BITS;
            case Scalar8Bits -> QueryEncoding.SCALAR_8_BITS;
            case UNRECOGNIZED -> throw Rules.unrecognized(path);
          };
      case VARIANT_NOT_SET -> throw Rules.unset(path);
    };
  }

  private static Quantization.Turbo turbo(TurboQuantization message, String path) {
    return new Quantization.Turbo(
        message.hasBits() ? bits(message.getBits(), path + ".bits") : null,
        message.hasAlwaysRam() ? (Boolean) message.getAlwaysRam() : null,
        QdrantSettings.memory(message.hasMemory(), message.getMemory(), path + ".memory"));
  }

  private static Bits bits(TurboQuantBitSize message, String path) {
    return switch (message) {
      case Bits1 -> Bits.ONE;
      case Bits1_5 -> Bits.ONE_AND_HALF;
      case Bits2 -> Bits.TWO;
      case Bits4 -> Bits.FOUR;
      case UNRECOGNIZED -> throw Rules.unrecognized(path);
    };
  }

  /** As it was given. */
  static QuantizationConfig config(Quantization quantization) {
    QuantizationConfig.Builder builder = QuantizationConfig.newBuilder();
    switch (quantization) {
      case Scalar scalar -> {
        ScalarQuantization.Builder kind = builder.getScalarBuilder().setType(QuantizationType.Int8);
        Given.set(scalar.quantile(), kind::setQuantile);
        Given.set(scalar.alwaysRam(), kind::setAlwaysRam);
        Given.set(scalar.memory(), word -> kind.setMemory(QdrantSettings.memory(word)));
      }
      case Quantization.Product product -> {
        ProductQuantization.Builder kind =
            builder.getProductBuilder().setCompression(compression(product.compression()));
        Given.set(product.alwaysRam(), kind::setAlwaysRam);
        Given.set(product.memory(), word -> kind.setMemory(QdrantSettings.memory(word)));
      }
      case Quantization.Binary binary -> {
        BinaryQuantization.Builder kind = builder.getBinaryBuilder();
        Given.set(binary.encoding(), encoding -> kind.setEncoding(encoding(encoding)));
        Given.set(
            binary.queryEncoding(),
            encoding -> kind.getQueryEncodingBuilder().setSetting(queryEncoding(encoding)));
        Given.set(binary.alwaysRam(), kind::setAlwaysRam);
        Given.set(binary.memory(), word -> kind.setMemory(QdrantSettings.memory(word)));
      }
      case Quantization.Turbo turbo -> {
        TurboQuantization.Builder kind = builder.getTurboquantBuilder();
        Given.set(turbo.bits(), bits -> kind.setBits(bits(bits)));
        Given.set(turbo.alwaysRam(), kind::setAlwaysRam);
        Given.set(turbo.memory(), word -> kind.setMemory(QdrantSettings.memory(word)));
      }
    }
    return builder.build();
  }

  private static CompressionRatio compression(Compression compression) {
    return switch (compression) {
      case X4 -> CompressionRatio.x4;
      case X8 -> CompressionRatio.x8;
      case X16 -> CompressionRatio.x16;
      case X32 -> CompressionRatio.x32;
      case X64 -> CompressionRatio.x64;
    };
  }

  private static BinaryQuantizationEncoding encoding(Encoding encoding) {
    return switch (encoding) {
      case ONE_BIT -> BinaryQuantizationEncoding.OneBit;
      case TWO_BITS -> BinaryQuantizationEncoding.TwoBits;
      case ONE_AND_HALF_BITS -> BinaryQuantizationEncoding.OneAndHalfBits;
    };
  }

  private static Setting queryEncoding(QueryEncoding encoding) {
    return switch (encoding) {
      case DEFAULT -> Setting.Default;
      case BINARY -> Setting.Binary;
      case SCALAR_4_BITS -> Setting.Scalar4Bits;
      case SCALAR_8_BITS -> Setting.Scalar8Bits;
    };
  }

  private static TurboQuantBitSize bits(Bits bits) {
    return switch (bits) {
      case ONE -> TurboQuantBitSize.Bits1;
      case ONE_AND_HALF -> TurboQuantBitSize.Bits1_5;
      case TWO -> TurboQuantBitSize.Bits2;
      case FOUR -> TurboQuantBitSize.Bits4;
    };
  }
}
