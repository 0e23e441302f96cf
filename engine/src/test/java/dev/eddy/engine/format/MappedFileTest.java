package dev.eddy.engine.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MappedFileTest {
  private static final int BYTES = 1 << 20;

  @TempDir Path folder;

  @Test
  void theKernelIsToldOfReadsHereAndThere() throws IOException {
    ProcessMaps.assumeTold();
    Path path = folder.resolve("here-and-there");
    Files.write(path, new byte[BYTES]);
    MappedFile file = MappedFile.open(path, BYTES);
    assertThat(isRandom(path)).isFalse();
    file.expectReads(5_000, BYTES / 2, true);
    assertThat(isRandom(path)).isTrue();
    file.readAhead(5_000, BYTES); // No more than there is.
    assertThat(file.bytes().get(ValueLayout.JAVA_BYTE, BYTES - 1)).isZero();
    file.expectReads(5_000, BYTES / 2, false);
    assertThat(isRandom(path)).isFalse();
    file.release();
  }

  @Test
  void whatIsLetGoIsNotResidentAndComesBack() throws IOException {
    ProcessMaps.assumeTold();
    Path path = folder.resolve("let-go");
    byte[] content = new byte[BYTES];
    Arrays.fill(content, (byte) 7);
    Files.write(path, content);
    MappedFile file = MappedFile.open(path, BYTES);
    assertThat(sum(file)).isEqualTo(7L * BYTES);
    assertThat(residentKib(path)).isGreaterThanOrEqualTo(BYTES / 1_024);
    file.letGo(0, BYTES);
    assertThat(residentKib(path)).isZero();
    assertThat(sum(file)).isEqualTo(7L * BYTES);
    file.release();
  }

  private static long sum(MappedFile file) {
    long sum = 0;
    for (int i = 0; i < BYTES; i++) {
      sum += file.bytes().get(ValueLayout.JAVA_BYTE, i);
    }
    return sum;
  }

  private static long residentKib(Path path) throws IOException {
    return ProcessMaps.residentKib(line -> line.endsWith(path.toString()));
  }

  private static boolean isRandom(Path path) throws IOException {
    return ProcessMaps.isRandom(line -> line.endsWith(path.toString()));
  }
}
