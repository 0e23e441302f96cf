package dev.eddy.engine.format;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Records of one length in a file that other things may still be appended to. They are read when
 * they are needed, in groups, each of which lies in one piece and has a checksum, and nothing is
 * returned of a group that is not as it was written. Of damage, see {@link FoundDamage}.
 *
 * <p>Nothing is kept open between reads; an interrupt of a reader does not end its read. Immutable
 * but for damage, and thread-safe.
 */
public final class CheckedRecords {
  /** Groups are read in runs of so many bytes, or one by one where one is longer. */
  private static final int RUN_BYTES = 1 << 19;

  private final FoundDamage damage;
  private final Path file;
  private final int recordBytes;
  private final Groups groups;

  /**
   * Where the records are.
   *
   * @param ends of each group the number behind its last record, ascending: groups have at least
   *     one record
   * @param positions of the groups' first bytes
   * @param sums CRC32C of each group
   */
  public record Groups(int[] ends, long[] positions, int[] sums) {
    /** Records in all. */
    public int records() {
      return ends.length == 0 ? 0 : ends[ends.length - 1];
    }

    private int first(int group) {
      return group == 0 ? 0 : ends[group - 1];
    }

    private int count(int group) {
      return ends[group] - first(group);
    }

    /**
     * The group behind a run of groups that lie one behind the other, up to the one that holds the
     * record before {@code end} or as many as are read at once.
     */
    private int runEnd(int group, int end, int recordBytes) {
      int next = group + 1;
      while (next < ends.length
          && first(next) < end
          && positions[next] == positions[group] + (long) (first(next) - first(group)) * recordBytes
          && (long) (ends[next] - first(group)) * recordBytes <= RUN_BYTES) {
        next++;
      }
      return next;
    }

    private int groupOf(int record) {
      int found = Arrays.binarySearch(ends, record + 1);
      return found < 0 ? -found - 1 : found;
    }

    /**
     * Groups of as many records each, but for the last, one behind the other.
     *
     * @param position of the first one
     */
    public static Groups even(
        int records, int recordsPerGroup, long position, int recordBytes, int[] sums) {
      int count = (records + recordsPerGroup - 1) / recordsPerGroup;
      int[] ends = new int[count];
      long[] positions = new long[count];
      for (int i = 0; i < count; i++) {
        ends[i] = (int) Math.min((i + 1L) * recordsPerGroup, records);
        positions[i] = position + (long) i * recordsPerGroup * recordBytes;
      }
      return new Groups(ends, positions, sums);
    }
  }

  /**
   * Nothing is read so far.
   *
   * @param known damage of the shard's files
   */
  public CheckedRecords(FileDamage known, Path file, int recordBytes, Groups groups) {
    this.damage = new FoundDamage(known, file);
    this.file = file;
    this.recordBytes = recordBytes;
    this.groups = groups;
  }

  /** Records in all. */
  public int count() {
    return groups.records();
  }

  /** Bytes of a record. */
  public int recordBytes() {
    return recordBytes;
  }

  /** The file they are in. */
  public Path file() {
    return file;
  }

  /** Takes records as they are read. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Takes records {@code [first, first + count)}, one behind the other from {@code records[at]}
     * on, in an array that the next ones will be in, too.
     */
    void take(int first, int count, byte[] records, int at);
  }

  /**
   * Reads records {@code [first, first + count)} and gives them on in their order.
   *
   * @throws UncheckedIOException when they are not as they were written; those before may have been
   *     given on
   */
  public void read(int first, int count, Sink sink) {
    damage.throwIfFound();
    if (count == 0) {
      return;
    }
    int end = first + count;
    byte[] records = new byte[0];
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      int group = groups.groupOf(first);
      while (group < groups.ends.length && groups.first(group) < end) {
        int next = groups.runEnd(group, end, recordBytes);
        int begin = groups.first(group);
        int length = (groups.first(next) - begin) * recordBytes;
        records = records.length < length ? new byte[length] : records;
        in.seek(groups.positions[group]);
        in.readFully(records, 0, length);
        for (int i = group; i < next; i++) {
          check(i, records, (groups.first(i) - begin) * recordBytes);
        }
        int from = Math.max(first, begin);
        int to = Math.min(end, groups.first(next));
        sink.take(from, to - from, records, (from - begin) * recordBytes);
        group = next;
      }
    } catch (IOException unreadable) {
      damage.found(new CorruptFileException(file, 0, "readable records", unreadable.toString()));
    }
  }

  /**
   * Reads all records, group by group, and checks them.
   *
   * @throws UncheckedIOException when they are not as they were written
   */
  public void checkAll() {
    read(0, count(), (first, count, records, at) -> {});
  }

  private void check(int group, byte[] records, int at) {
    CRC32C sum = new CRC32C();
    sum.update(records, at, groups.count(group) * recordBytes);
    int expected = groups.sums[group];
    int found = (int) sum.getValue();
    if (found != expected) {
      damage.found(
          new CorruptFileException(
              file,
              groups.positions[group],
              "crc32c %08x of %d records".formatted(expected, groups.count(group)),
              "%08x".formatted(found)));
    }
  }

  /**
   * The records are what they were written as, and still not what they can be.
   *
   * @throws UncheckedIOException of what was found
   */
  public void damaged(CorruptFileException found) {
    damage.found(found);
  }

  /**
   * Does nothing while no damage is known.
   *
   * @throws UncheckedIOException of a {@link CorruptFileException}
   */
  public void throwDamage() {
    damage.throwIfFound();
  }
}
