package dev.eddy.bench.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusteredSetTest {
  private final ClusteredSet generated = new ClusteredSet(24, 700, 150, 7);

  @TempDir private Path folder;

  @Test
  void theSameSeedGivesTheSameFiles() throws IOException {
    generated.writeTo(folder.resolve("a"));
    generated.writeTo(folder.resolve("b"));
    new ClusteredSet(24, 700, 150, 8).writeTo(folder.resolve("c"));

    for (String file : new String[] {"base.f32", "query.f32", "gt.i32"}) {
      byte[] first = Files.readAllBytes(folder.resolve("a").resolve(file));
      assertThat(folder.resolve("b").resolve(file)).hasBinaryContent(first);
      assertThat(Files.readAllBytes(folder.resolve("c").resolve(file))).isNotEqualTo(first);
    }
  }

  @Test
  void rowsHaveLengthOneAndTheTruthIsExact() throws IOException {
    generated.writeTo(folder);
    VectorSet set = VectorSet.open(folder, 0);

    assertThat(set.dimension()).isEqualTo(24);
    assertThat(set.rows()).isEqualTo(700);
    float[] first = set.base().row(0);
    assertThat(dot(first, first)).isCloseTo(1, within(1e-5));
    assertThat(set.hits(149, nearest(set, 149))).isEqualTo(VectorSet.K);
  }

  @Test
  void fewerRowsGetTheirOwnNeighbours() throws IOException {
    generated.writeTo(folder);
    VectorSet set = VectorSet.open(folder, 60);

    assertThat(set.rows()).isEqualTo(60);
    assertThat(set.hits(3, nearest(set, 3))).isEqualTo(VectorSet.K);
  }

  /** By sorting all rows in doubles. */
  private static long[] nearest(VectorSet set, int query) {
    float[] wanted = set.queries().row(query);
    return IntStream.range(0, set.rows())
        .boxed()
        .sorted((a, b) ->
            Double.compare(dot(wanted, set.base().row(b)), dot(wanted, set.base().row(a))))
        .limit(VectorSet.K)
        .mapToLong(row -> row)
        .toArray();
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * (double) b[i];
    }
    return sum;
  }
}
