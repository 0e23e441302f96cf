package dev.eddy.proto.mapping;

import dev.eddy.model.collection.Quantization;
import dev.eddy.model.collection.Quantization.Bits;
import dev.eddy.model.collection.Quantization.Compression;
import dev.eddy.model.collection.Quantization.Encoding;
import dev.eddy.model.collection.Quantization.QueryEncoding;
import dev.eddy.model.collection.QuantizationDiff;
import dev.eddy.proto.model.BinaryEncodingMessage;
import dev.eddy.proto.model.BinaryQuantizationMessage;
import dev.eddy.proto.model.CompressionMessage;
import dev.eddy.proto.model.ProductQuantizationMessage;
import dev.eddy.proto.model.QuantizationDiffMessage;
import dev.eddy.proto.model.QuantizationMessage;
import dev.eddy.proto.model.QueryEncodingMessage;
import dev.eddy.proto.model.ScalarQuantizationMessage;
import dev.eddy.proto.model.TurboBitsMessage;
import dev.eddy.proto.model.TurboQuantizationMessage;
import org.jspecify.annotations.Nullable;

/** By what vectors are shortened, as messages. */
final class QuantizationMessages {
  private QuantizationMessages() {}

  static QuantizationDiffMessage diff(QuantizationDiff diff) {
    QuantizationDiffMessage.Builder builder = QuantizationDiffMessage.newBuilder();
    Present.set(diff.to(), to -> builder.setTo(quantization(to)));
    return builder.build();
  }

  static QuantizationDiff diff(QuantizationDiffMessage message) {
    return message.hasTo()
        ? new QuantizationDiff(quantization(message.getTo()))
        : QuantizationDiff.DISABLED;
  }

  static QuantizationMessage quantization(Quantization quantization) {
    QuantizationMessage.Builder builder = QuantizationMessage.newBuilder();
    switch (quantization) {
      case Quantization.Scalar scalar -> {
        ScalarQuantizationMessage.Builder kind = builder.getScalarBuilder();
        Present.set(scalar.quantile(), kind::setQuantile);
      }
      case Quantization.Product product ->
          builder.setProduct(
              ProductQuantizationMessage.newBuilder()
                  .setCompression(compression(product.compression())));
      case Quantization.Binary binary -> {
        BinaryQuantizationMessage.Builder kind = builder.getBinaryBuilder();
        Present.set(binary.encoding(), encoding -> kind.setEncoding(encoding(encoding)));
        Present.set(
            binary.queryEncoding(), encoding -> kind.setQueryEncoding(queryEncoding(encoding)));
      }
      case Quantization.Turbo turbo -> {
        TurboQuantizationMessage.Builder kind = builder.getTurboBuilder();
        Present.set(turbo.bits(), bits -> kind.setBits(bits(bits)));
      }
    }
    Present.set(quantization.alwaysRam(), builder::setAlwaysRam);
    Present.set(quantization.memory(), builder::setMemory);
    return builder.build();
  }

  static Quantization quantization(QuantizationMessage message) {
    Boolean alwaysRam = message.hasAlwaysRam() ? (Boolean) message.getAlwaysRam() : null;
    String memory = message.hasMemory() ? message.getMemory() : null;
    return switch (message.getKindCase()) {
      case SCALAR ->
          new Quantization.Scalar(
              message.getScalar().hasQuantile() ? (Float) message.getScalar().getQuantile() : null,
              alwaysRam,
              memory);
      case PRODUCT ->
          new Quantization.Product(
              compression(message.getProduct().getCompression()), alwaysRam, memory);
      case BINARY ->
          new Quantization.Binary(
              encoding(message.getBinary().getEncoding()),
              queryEncoding(message.getBinary().getQueryEncoding()),
              alwaysRam,
              memory);
      case TURBO -> new Quantization.Turbo(bits(message.getTurbo().getBits()), alwaysRam, memory);
      case KIND_NOT_SET -> throw PointMessages.unset("kind of quantization");
    };
  }

  private static CompressionMessage compression(Compression compression) {
    return switch (compression) {
      case X4 -> CompressionMessage.COMPRESSION_X4;
      case X8 -> CompressionMessage.COMPRESSION_X8;
      case X16 -> CompressionMessage.COMPRESSION_X16;
      case X32 -> CompressionMessage.COMPRESSION_X32;
      case X64 -> CompressionMessage.COMPRESSION_X64;
    };
  }

  private static Compression compression(CompressionMessage message) {
    return switch (message) {
      case COMPRESSION_X4 -> Compression.X4;
      case COMPRESSION_X8 -> Compression.X8;
      case COMPRESSION_X16 -> Compression.X16;
      case COMPRESSION_X32 -> Compression.X32;
      case COMPRESSION_X64 -> Compression.X64;
      case COMPRESSION_UNSPECIFIED -> throw PointMessages.unset("compression");
      case UNRECOGNIZED -> throw new IllegalArgumentException("unknown compression");
    };
  }

  private static BinaryEncodingMessage encoding(Encoding encoding) {
    return switch (encoding) {
      case ONE_BIT -> BinaryEncodingMessage.BINARY_ENCODING_ONE_BIT;
      case TWO_BITS -> BinaryEncodingMessage.BINARY_ENCODING_TWO_BITS;
      case ONE_AND_HALF_BITS -> BinaryEncodingMessage.BINARY_ENCODING_ONE_AND_HALF_BITS;
    };
  }

  private static @Nullable Encoding encoding(BinaryEncodingMessage message) {
    return switch (message) {
      case BINARY_ENCODING_UNSPECIFIED -> null;
      case BINARY_ENCODING_ONE_BIT -> Encoding.ONE_BIT;
      case BINARY_ENCODING_TWO_BITS -> Encoding.TWO_BITS;
      case BINARY_ENCODING_ONE_AND_HALF_BITS -> Encoding.ONE_AND_HALF_BITS;
      case UNRECOGNIZED -> throw new IllegalArgumentException("unknown encoding");
    };
  }

  private static QueryEncodingMessage queryEncoding(QueryEncoding encoding) {
    return switch (encoding) {
      case DEFAULT -> QueryEncodingMessage.QUERY_ENCODING_DEFAULT;
      case BINARY -> QueryEncodingMessage.QUERY_ENCODING_BINARY;
      case SCALAR_4_BITS -> QueryEncodingMessage.QUERY_ENCODING_SCALAR_4_BITS;
      case SCALAR_8_BITS -> QueryEncodingMessage.QUERY_ENCODING_SCALAR_8_BITS;
    };
  }

  private static @Nullable QueryEncoding queryEncoding(QueryEncodingMessage message) {
    return switch (message) {
      case QUERY_ENCODING_UNSPECIFIED -> null;
      case QUERY_ENCODING_DEFAULT -> QueryEncoding.DEFAULT;
      case QUERY_ENCODING_BINARY -> QueryEncoding.BINARY;
      case QUERY_ENCODING_SCALAR_4_BITS -> QueryEncoding.SCALAR_4_BITS;
      case QUERY_ENCODING_SCALAR_8_BITS -> QueryEncoding.SCALAR_8_BITS;
      case UNRECOGNIZED -> throw new IllegalArgumentException("unknown query encoding");
    };
  }

  private static TurboBitsMessage bits(Bits bits) {
    return switch (bits) {
      case ONE -> TurboBitsMessage.TURBO_BITS_ONE;
      case ONE_AND_HALF -> TurboBitsMessage.TURBO_BITS_ONE_AND_HALF;
      case TWO -> TurboBitsMessage.TURBO_BITS_TWO;
      case FOUR -> TurboBitsMessage.TURBO_BITS_FOUR;
    };
  }

  private static @Nullable Bits bits(TurboBitsMessage message) {
    return switch (message) {
      case TURBO_BITS_UNSPECIFIED -> null;
      case TURBO_BITS_ONE -> Bits.ONE;
      case TURBO_BITS_ONE_AND_HALF -> Bits.ONE_AND_HALF;
      case TURBO_BITS_TWO -> Bits.TWO;
      case TURBO_BITS_FOUR -> Bits.FOUR;
      case UNRECOGNIZED -> throw new IllegalArgumentException("unknown bits");
    };
  }
}
