package dev.eddy.model.collection;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the numbers of a dense vector are rounded to before they are stored and compared. */
public enum Datatype {
  FLOAT32("float32"),
  /** IEEE 754 half precision, to the nearest, ties to even. */
  FLOAT16("float16"),
  /** Whole numbers from 0 to 255: fractions are cut, what is outside becomes the nearest bound. */
  UINT8("uint8"),
  /**
   * What four bits a number can say after a rotation, and the vector's length. The engine rounds to
   * it.
   */
  TURBO4("turbo4");

  /** The largest number of half precision. */
  public static final float FLOAT16_MAX = 65_504f;

  private static final int UINT8_MAX = 255;

  private final String apiName;

  Datatype(String apiName) {
    this.apiName = apiName;
  }

  public String apiName() {
    return apiName;
  }

  /** The datatype of this name. */
  public static Optional<Datatype> named(String apiName) {
    for (Datatype datatype : values()) {
      if (datatype.apiName.equals(apiName)) {
        return Optional.of(datatype);
      }
    }
    return Optional.empty();
  }

  /** The datatype as a client gave it; none given = float32. */
  static Datatype of(@Nullable String apiName) {
    return apiName == null
        ? FLOAT32
        : named(apiName)
            .orElseThrow(() -> new IllegalArgumentException("unknown datatype " + apiName));
  }

  /** Rounds finite numbers in place, each by itself. */
  public void round(float[] values) {
    switch (this) {
      case FLOAT32, TURBO4 -> {}
      case FLOAT16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.float16ToFloat(Float.floatToFloat16(values[i]));
        }
      }
      case UINT8 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Math.clamp((int) values[i], 0, UINT8_MAX);
        }
      }
    }
  }
}
