package dev.eddy.bench.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MultivectorFileTest {
  private static final int DIMENSION = 3;
  private static final int ROWS = 500;

  @Test
  void readsWhatTheSetMade(@TempDir Path folder) throws IOException {
    FloatBuffer values = FloatBuffer.allocate(ROWS * DIMENSION);
    for (int i = 0; i < values.limit(); i++) {
      values.put(i, (float) Math.sin(i));
    }
    VectorFile rows = new VectorFile(values, DIMENSION);
    MultivectorSet written = new MultivectorSet(rows, 1, 4);
    MultivectorSet same = new MultivectorSet(rows, 1, 4);
    for (int count : new int[] {20, 7}) {
      MultivectorFile file = MultivectorFile.of(written, count, DIMENSION, folder, "set" + count);
      assertThat(file.count()).isEqualTo(count);
      for (int i = 0; i < count; i++) {
        assertThat(file.get(i)).isDeepEqualTo(same.next());
      }
    }
  }
}
