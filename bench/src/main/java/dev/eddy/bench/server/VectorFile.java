package dev.eddy.bench.server;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Raw little-endian rows of a fixed dimension, mapped. */
record VectorFile(FloatBuffer values, int dimension) {
  static VectorFile open(Path path, int dimension) throws IOException {
    try (FileChannel channel = FileChannel.open(path)) {
      return new VectorFile(
          channel
              .map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
              .order(ByteOrder.LITTLE_ENDIAN)
              .asFloatBuffer(),
          dimension);
    }
  }

  static IntBuffer ints(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path)) {
      return channel
          .map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
          .order(ByteOrder.LITTLE_ENDIAN)
          .asIntBuffer();
    }
  }

  int rows() {
    return values.limit() / dimension;
  }

  float get(int row, int column) {
    return values.get(row * dimension + column);
  }
}
