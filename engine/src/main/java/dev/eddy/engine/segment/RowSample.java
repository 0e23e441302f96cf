package dev.eddy.engine.segment;

import dev.eddy.engine.graph.Rows;
import dev.eddy.engine.quantization.RowQuantizer;

/** Rows at even distances, to train on. */
record RowSample(Rows rows, int count, int size) implements RowQuantizer.Sample {
  /** Of the first rows, as many as wanted where there are so many. */
  static RowSample of(Rows rows, int count, int wanted) {
    return new RowSample(rows, count, Math.min(count, wanted));
  }

  @Override
  public void copy(int index, float[] out) {
    rows.copy((int) ((long) index * count / size), out);
  }

  /** All of them. */
  float[][] copies(int dimension) {
    float[][] copies = new float[size][dimension];
    for (int i = 0; i < size; i++) {
      copy(i, copies[i]);
    }
    return copies;
  }
}
