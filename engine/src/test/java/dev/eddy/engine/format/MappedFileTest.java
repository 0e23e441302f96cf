package dev.eddy.engine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MappedFileTest {
  private static final Path MAPS = Path.of("/proc/self/smaps");
  private static final int BYTES = 1 << 20;

  @TempDir Path folder;

  @Test
  void theKernelIsToldOfReadsHereAndThere() throws IOException {
    assumeTrue(Files.exists(MAPS), "Linux says what it was told");
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
    assumeTrue(Files.exists(MAPS), "Linux says what is resident");
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
    boolean isOfFile = false;
    long kib = 0;
    for (String line : Files.readAllLines(MAPS)) {
      if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
        isOfFile = line.endsWith(path.toString());
      } else if (isOfFile && line.startsWith("Rss:")) {
        kib += Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    return kib;
  }

  /** Whether a part of the file is mapped for random reads. */
  private static boolean isRandom(Path path) throws IOException {
    boolean isOfFile = false;
    for (String line : Files.readAllLines(MAPS)) {
      if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
        isOfFile = line.endsWith(path.toString());
      } else if (isOfFile && line.startsWith("VmFlags:") && line.contains(" rr")) {
        return true;
      }
    }
    return false;
  }
}
