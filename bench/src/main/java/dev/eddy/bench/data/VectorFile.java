package dev.eddy.bench.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Raw little-endian rows of a fixed dimension, mapped. Safe from any thread.
 *
 * @param values all rows, one after the other
 * @param dimension floats per row
 */
public record VectorFile(FloatBuffer values, int dimension) {
  static VectorFile open(Path path, int dimension) throws IOException {
    return new VectorFile(map(path).asFloatBuffer(), dimension);
  }

  static IntBuffer ints(Path path) throws IOException {
    return map(path).asIntBuffer();
  }

  private static ByteBuffer map(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path)) {
      MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      return mapped.order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  /** Rows in the file. */
  public int rows() {
    return values.limit() / dimension;
  }

  /** One number. */
  public float get(int row, int column) {
    return values.get(row * dimension + column);
  }

  /** A copy of one row. */
  public float[] row(int row) {
    float[] copy = new float[dimension];
    values.get(row * dimension, copy);
    return copy;
  }
}
