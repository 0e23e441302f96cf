package dev.eddy.bench.wire;

/** Vectors as JSON. */
final class JsonText {
  private JsonText() {}

  /** Appends the vector with the fewest digits that name each float. */
  static void vector(float[] vector, StringBuilder out) {
    out.append('[');
    for (int i = 0; i < vector.length; i++) {
      out.append(i == 0 ? "" : ",").append(vector[i]);
    }
    out.append(']');
  }
}
