package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.quantization.CodeTable;
import dev.eddy.engine.quantization.CodeWidth;
import dev.eddy.engine.quantization.QueryCode;
import dev.eddy.engine.quantization.RowQuantizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Old bytes are still read, and the same rows still write the same bytes. The file is written only
 * with {@code EDDY_GOLDEN_WRITE=true}; a changed layout gets a new version and a new folder.
 */
class CodesFileTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/codes-v1/gold-1.codes");
  private static final int DIMENSION = 33;
  private static final int ROWS = 40;
  private static final VectorFieldSettings SETTINGS =
      new VectorFieldSettings(
          "gold", DIMENSION, Metric.EUCLID, new GraphParams(4, 16), 100, 1_000, 10, 1);

  @TempDir Path folder;

  private static float[] vector(int row) {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (row * (7 + 4 * i) + i * i) % 23;
    }
    return vector;
  }

  private static RowQuantizer quantizer() {
    return RowQuantizer.of(Metric.EUCLID, CodeWidth.FOUR, vector(3));
  }

  private byte[] written() throws IOException {
    Path file = folder.resolve("gold-1.codes");
    try (CodesFile.Writer writer = new CodesFile.Writer(file, Metric.EUCLID, quantizer(), ROWS)) {
      for (int row = 0; row < ROWS; row++) {
        writer.append(vector(row));
      }
      MappedCodes codes = writer.finish();
      byte[] bytes = Files.readAllBytes(file);
      codes.release();
      assertThat(file).doesNotExist();
      return bytes;
    }
  }

  @Test
  void theSameRowsWriteTheSameBytes() throws IOException {
    byte[] bytes = written();
    if (Boolean.parseBoolean(System.getenv("EDDY_GOLDEN_WRITE"))) {
      Files.createDirectories(GOLDEN.getParent());
      Files.write(GOLDEN, bytes);
    }
    assertThat(bytes).isEqualTo(Files.readAllBytes(GOLDEN));
  }

  private static FilePart part(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - 16);
    return new FilePart("gold-1.codes", ROWS, bytes.length, (int) crc.getValue());
  }

  private static float[] estimates(CodeTable codes) {
    QueryCode query = new QueryCode();
    codes.quantizer().prepare(vector(5), 0, query);
    int[] ordinals = new int[ROWS];
    for (int row = 0; row < ROWS; row++) {
      ordinals[row] = row;
    }
    float[] out = new float[ROWS];
    codes.estimate(query, ordinals, 0, ROWS, out);
    return out;
  }

  @Test
  void oldBytesAreStillRead() throws IOException {
    Path copy = folder.resolve("gold-1.codes");
    Files.copy(GOLDEN, copy);
    try (CodesFile.Reader reader =
        new CodesFile.Reader(copy, part(Files.readAllBytes(GOLDEN)), SETTINGS)) {
      MappedCodes codes = Objects.requireNonNull(reader.next(), "codes of one step");
      assertThat(codes.count()).isEqualTo(ROWS);
      byte[] fresh = new byte[quantizer().codeBytes()];
      quantizer().encode(vector(7), fresh, 0, new RowQuantizer.Scratch(quantizer()));
      QueryCode query = new QueryCode();
      quantizer().prepare(vector(5), 0, query);
      assertThat(estimates(codes)[7]).isEqualTo(quantizer().estimate(query, fresh, 0));
      codes.release();
    }
  }
}
