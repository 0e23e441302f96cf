package dev.eddy.bench.data;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Multivectors in two raw little-endian files, mapped: {@code STEM.f32} has all their rows one
 * after the other, {@code STEM.starts.i32} the row at which each begins and, last, the count of
 * rows. Safe from any thread.
 *
 * @param rows of all multivectors; at most 2 GiB
 * @param starts one more than there are multivectors
 */
public record MultivectorFile(VectorFile rows, IntBuffer starts) {
  private static final int BUFFER_BYTES = 1 << 20;

  /** Writes the next multivectors of a set into a folder, and opens them. */
  public static MultivectorFile of(
      MultivectorSet set, int count, int dimension, Path folder, String stem) throws IOException {
    Path rowsFile = folder.resolve(stem + ".f32");
    Path startsFile = folder.resolve(stem + ".starts.i32");
    ByteBuffer starts = littleEndian((count + 1) * Integer.BYTES).putInt(0);
    int rows = 0;
    try (OutputStream out =
        new BufferedOutputStream(Files.newOutputStream(rowsFile), BUFFER_BYTES)) {
      for (int i = 0; i < count; i++) {
        float[][] multivector = set.next();
        ByteBuffer bytes = littleEndian(multivector.length * dimension * Float.BYTES);
        for (float[] row : multivector) {
          for (float value : row) {
            bytes.putFloat(value);
          }
        }
        out.write(bytes.array());
        rows += multivector.length;
        starts.putInt(rows);
      }
    }
    Files.write(startsFile, starts.array());
    return new MultivectorFile(VectorFile.open(rowsFile, dimension), VectorFile.ints(startsFile));
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Multivectors. */
  public int count() {
    return starts.limit() - 1;
  }

  /** A copy of the rows of one. */
  public float[][] get(int index) {
    float[][] copies = new float[starts.get(index + 1) - starts.get(index)][];
    for (int i = 0; i < copies.length; i++) {
      copies[i] = rows.row(starts.get(index) + i);
    }
    return copies;
  }
}
