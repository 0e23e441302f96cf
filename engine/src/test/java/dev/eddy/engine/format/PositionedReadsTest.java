package dev.eddy.engine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PositionedReadsTest {
  private static final long SEED = 41;
  private static final int BYTES = 300_001;

  @TempDir Path folder;

  private final Random random = new Random(SEED);
  private final byte[] content = new byte[BYTES];

  private PositionedReads opened() throws IOException {
    random.nextBytes(content);
    Path file = folder.resolve("blätter 1"); // Names are bytes to the system.
    Files.write(file, content);
    return PositionedReads.open(file).orElseThrow();
  }

  @Test
  void givesWhatIsThere() throws IOException {
    PositionedReads reads = opened();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment into = arena.allocate(ReadBuffers.BYTES);
      for (int i = 0; i < 1_000; i++) {
        int from = random.nextInt(BYTES);
        int at = random.nextInt(1_000);
        int length = random.nextInt(Math.min(BYTES - from, ReadBuffers.BYTES - at) + 1);
        assertThat(reads.read(from, into, at, length)).isTrue();
        byte[] found = into.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
        assertThat(found)
            .as("seed %d, %d bytes from %d", SEED, length, from)
            .isEqualTo(Arrays.copyOfRange(content, from, from + length));
      }
    }
    reads.close();
  }

  @Test
  void saysWhenTheFileEndsBefore() throws IOException {
    PositionedReads reads = opened();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment into = arena.allocate(100);
      assertThat(reads.read(BYTES - 100, into, 0, 100)).isTrue();
      assertThat(reads.read(BYTES - 99, into, 0, 100)).isFalse();
      assertThat(reads.read(BYTES + 1_000, into, 0, 1)).isFalse();
      assertThatThrownBy(() -> reads.read(0, into, 1, 100))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    reads.close();
  }

  @Test
  void anInterruptOfOneReaderHarmsNobody() throws IOException {
    PositionedReads reads = opened();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment into = arena.allocate(100);
      Thread.currentThread().interrupt();
      assertThat(reads.read(7, into, 0, 100)).isTrue();
      assertThat(Thread.interrupted()).isTrue();
      assertThat(reads.read(7, into, 0, 100)).isTrue();
    }
    reads.close();
  }

  @Test
  void aFileThatIsNotThereIsNotOpened() {
    assertThat(PositionedReads.open(folder.resolve("missing"))).isEmpty();
  }

  @Test
  void buffersAreLentToOneAtATime() {
    MemorySegment first = ReadBuffers.borrow();
    MemorySegment second = ReadBuffers.borrow();
    assertThat(first.byteSize()).isEqualTo(ReadBuffers.BYTES);
    assertThat(first.address()).isNotEqualTo(second.address());
    ReadBuffers.giveBack(first);
    ReadBuffers.giveBack(second);
    assertThat(ReadBuffers.borrow().address()).isIn(first.address(), second.address());
  }
}
