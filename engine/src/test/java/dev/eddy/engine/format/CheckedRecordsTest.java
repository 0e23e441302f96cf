package dev.eddy.engine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.engine.format.CheckedRecords.Groups;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckedRecordsTest {
  private static final int RECORD_BYTES = 5;
  private static final int RECORDS = 103;
  private static final int PER_GROUP = 10;
  private static final int POSITION = 13;

  @TempDir Path folder;
  private Path file;
  private final byte[] bytes = new byte[POSITION + RECORDS * RECORD_BYTES + 4];
  private final FileDamage damage = new FileDamage();
  private CheckedRecords records;

  @BeforeEach
  void write() throws IOException {
    new Random(1).nextBytes(bytes);
    file = Files.write(folder.resolve("records"), bytes);
    int[] sums = new int[11];
    for (int i = 0; i < sums.length; i++) {
      int from = POSITION + i * PER_GROUP * RECORD_BYTES;
      int to = Math.min(from + PER_GROUP * RECORD_BYTES, POSITION + RECORDS * RECORD_BYTES);
      CRC32C sum = new CRC32C();
      sum.update(bytes, from, to - from);
      sums[i] = (int) sum.getValue();
    }
    records =
        new CheckedRecords(
            damage,
            file,
            RECORD_BYTES,
            Groups.even(RECORDS, PER_GROUP, POSITION, RECORD_BYTES, sums));
  }

  private byte[] read(int first, int count) {
    byte[] found = new byte[count * RECORD_BYTES];
    records.read(
        first,
        count,
        (record, some, bytes, at) ->
            System.arraycopy(
                bytes, at, found, (record - first) * RECORD_BYTES, some * RECORD_BYTES));
    return found;
  }

  private byte[] expected(int first, int count) {
    int from = POSITION + first * RECORD_BYTES;
    return Arrays.copyOfRange(bytes, from, from + count * RECORD_BYTES);
  }

  @Test
  void anyRangeIsRead() {
    assertThat(records.count()).isEqualTo(RECORDS);
    for (int first = 0; first < RECORDS; first++) {
      for (int count = 0; count <= RECORDS - first; count++) {
        assertThat(read(first, count))
            .as("%d of %d", count, first)
            .isEqualTo(expected(first, count));
      }
    }
    records.checkAll();
    assertThat(damage.found()).isZero();
  }

  @Test
  void damageIsFoundWhereItIsAndEndsAllReadsFromThen() throws IOException {
    bytes[POSITION + 57 * RECORD_BYTES] ^= 4;
    Files.write(file, bytes);
    assertThat(read(0, 50)).isEqualTo(expected(0, 50));
    assertThat(read(60, 43)).isEqualTo(expected(60, 43));
    records.throwDamage();
    assertThatThrownBy(() -> read(49, 2))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("of 10 records");
    assertThatThrownBy(() -> read(0, 1)).isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(records::throwDamage).isInstanceOf(UncheckedIOException.class);
    assertThat(damage.found()).isEqualTo(1);
    assertThat(file).doesNotExist();
    assertThat(folder.resolve("records.corrupt")).exists();
  }

  @Test
  void aFileThatEndsEarlyOrIsGoneIsDamaged() throws IOException {
    Files.write(file, Arrays.copyOf(bytes, POSITION + 99 * RECORD_BYTES));
    assertThat(read(0, 90)).isEqualTo(expected(0, 90));
    assertThatThrownBy(records::checkAll).isInstanceOf(UncheckedIOException.class);
    write();
    Files.delete(file);
    assertThatThrownBy(() -> read(3, 1)).isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void anInterruptDoesNotEndARead() {
    Thread.currentThread().interrupt();
    assertThat(read(5, 80)).isEqualTo(expected(5, 80));
    assertThat(Thread.interrupted()).isTrue();
  }
}
