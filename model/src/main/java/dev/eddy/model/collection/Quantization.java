package dev.eddy.model.collection;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * By what vectors are asked to be shortened for searches. Which codes that makes is the engine's
 * choice. Null = not given.
 */
public sealed interface Quantization {
  /** As the client gave it, or null. */
  @Nullable Boolean alwaysRam();

  /** {@code cold}, {@code cached} or {@code pinned} as the client gave it, or null. */
  @Nullable String memory();

  /**
   * A byte for each number.
   *
   * @param quantile the share of numbers that keep their differences, in [0.5, 1]
   */
  record Scalar(@Nullable Float quantile, @Nullable Boolean alwaysRam, @Nullable String memory)
      implements Quantization {
    public static final float QUANTILE_MIN = 0.5f;
    public static final float QUANTILE_MAX = 1;

    public Scalar {
      if (quantile != null && !(quantile >= QUANTILE_MIN && quantile <= QUANTILE_MAX)) {
        throw new IllegalArgumentException(
            "quantile must be from %s to %s, got %s"
                .formatted(QUANTILE_MIN, QUANTILE_MAX, quantile));
      }
    }
  }

  /** A byte for several numbers together. */
  record Product(Compression compression, @Nullable Boolean alwaysRam, @Nullable String memory)
      implements Quantization {
    public Product {
      requireNonNull(compression, "compression");
    }
  }

  /**
   * A bit or two for each number.
   *
   * @param queryEncoding that of the vector asked with
   */
  record Binary(
      @Nullable Encoding encoding,
      @Nullable QueryEncoding queryEncoding,
      @Nullable Boolean alwaysRam,
      @Nullable String memory)
      implements Quantization {}

  /** A few bits for each number of the rotated vector. */
  record Turbo(@Nullable Bits bits, @Nullable Boolean alwaysRam, @Nullable String memory)
      implements Quantization {}

  /** How much smaller than float32 numbers. */
  enum Compression {
    X4("x4"),
    X8("x8"),
    X16("x16"),
    X32("x32"),
    X64("x64");

    private final String apiName;

    Compression(String apiName) {
      this.apiName = apiName;
    }

    public String apiName() {
      return apiName;
    }
  }

  /** Bits of a stored number. */
  enum Encoding {
    ONE_BIT("one_bit"),
    TWO_BITS("two_bits"),
    ONE_AND_HALF_BITS("one_and_half_bits");

    private final String apiName;

    Encoding(String apiName) {
      this.apiName = apiName;
    }

    public String apiName() {
      return apiName;
    }
  }

  /** Bits of a number that is asked with. */
  enum QueryEncoding {
    DEFAULT("default"),
    BINARY("binary"),
    SCALAR_4_BITS("scalar4bits"),
    SCALAR_8_BITS("scalar8bits");

    private final String apiName;

    QueryEncoding(String apiName) {
      this.apiName = apiName;
    }

    public String apiName() {
      return apiName;
    }
  }

  /** Bits of a number of a rotated vector. */
  enum Bits {
    ONE("bits1"),
    ONE_AND_HALF("bits1_5"),
    TWO("bits2"),
    FOUR("bits4");

    private final String apiName;

    Bits(String apiName) {
      this.apiName = apiName;
    }

    public String apiName() {
      return apiName;
    }
  }
}
