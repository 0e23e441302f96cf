package dev.eddy.engine.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.format.FileDamage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that takes no files for a time: they are tried again, ever more rarely. */
final class SparseFullDiskTest {
  private static final int SEALED_MIN = 1_000;

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger attempts = new AtomicInteger();
  private final BitSet live = new BitSet();
  private int slots;

  private SparseSettings settings(Path folder) {
    return new SparseSettings(
        "s",
        folder,
        task -> {
          attempts.incrementAndGet();
          task.run();
        },
        true,
        SEALED_MIN,
        nanos::get,
        new FileDamage());
  }

  private void append(SparseField field, int count) {
    for (int i = 0; i < count; i++) {
      live.set(slots);
      field.append(slots++, new SparseQuery(new int[] {i % 50}, new float[] {1 + i}));
    }
  }

  private int attemptsWithin(SparseField field, Duration time) {
    int before = attempts.get();
    for (int turn = 0; turn < 20; turn++) {
      nanos.addAndGet(time.toNanos() / 20);
      field.maintain(live::get);
    }
    return attempts.get() - before;
  }

  @Test
  void isTriedAgainWithGrowingDelay(@TempDir Path folder) throws IOException {
    Path home = Files.createDirectories(folder.resolve("live"));
    Path away = folder.resolve("away");
    try (SparseField field = SparseField.create(settings(home))) {
      append(field, 10);
      Files.move(home, away);
      append(field, SEALED_MIN);
      field.maintain(live::get);
      field.maintain(live::get);
      assertThat(attempts).as("of vectors and index").hasValue(2);
      assertThat(field.isBusy()).as("to be tried again").isTrue();
      assertThat(field.problem().orElseThrow()).contains("NoSuchFile");

      append(field, 3 * SEALED_MIN);
      assertThat(attemptsWithin(field, Duration.ofMillis(900))).isZero();
      assertThat(attemptsWithin(field, Duration.ofSeconds(10))).isBetween(4, 8);
      assertThat(attemptsWithin(field, Duration.ofMinutes(10))).isLessThan(30);
      assertThat(field.view().frequency(7, live::get)).isEqualTo(81);

      Files.move(away, home);
      assertThat(attemptsWithin(field, Duration.ofMinutes(2))).isPositive();
      field.maintain(live::get);
      assertThat(field.isBusy()).isFalse();
      assertThat(field.problem()).isEmpty();
      assertThat(field.fileBytes()).isPositive();
      assertThat(field.view().frequency(7, live::get)).isEqualTo(81);
    }
  }
}
