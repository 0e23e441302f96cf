package dev.eddy.engine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
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
