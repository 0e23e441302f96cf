package dev.eddy.engine.segment;

import dev.eddy.engine.format.CheckedRecords;
import dev.eddy.engine.format.FileDamage;
import dev.eddy.engine.graph.StoredRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The row files of a heap segment that a checkpoint holds, one behind the other. Thread-safe. */
final class RowFiles implements StoredRows {
  private final List<RowsFile> files;
  private final int count;

  private RowFiles(List<RowsFile> files) {
    this.files = files;
    this.count = files.stream().mapToInt(RowsFile::count).sum();
  }

  /**
   * Opens them in their order.
   *
   * @param lastSlot slots must be above it
   * @param known a file found damaged before is read and checked as a whole
   */
  static RowFiles open(
      Path folder,
      List<FilePart> parts,
      VectorFieldSettings settings,
      int lastSlot,
      FileDamage known)
      throws IOException {
    List<RowsFile> files = new ArrayList<>();
    int before = lastSlot;
    for (FilePart part : parts) {
      RowsFile file = RowsFile.open(folder, part, settings, before, known);
      if (file.count() > 0) {
        before = file.slots()[file.count() - 1];
        files.add(file);
      }
    }
    return new RowFiles(files);
  }

  @Override
  public int count() {
    return count;
  }

  /** The slots of all rows, in an array that holds at least some. */
  int[] slots() {
    int[] slots = new int[Math.max(16, count)];
    int at = 0;
    for (RowsFile file : files) {
      System.arraycopy(file.slots(), 0, slots, at, file.count());
      at += file.count();
    }
    return slots;
  }

  /** What may be found damaged later. */
  List<CheckedRecords> records() {
    return files.stream().map(RowsFile::records).toList();
  }

  @Override
  public void read(int first, int count, Sink sink) {
    int end = first + count;
    int before = 0;
    for (RowsFile file : files) {
      int begin = before;
      int from = Math.max(first, begin);
      int to = Math.min(end, begin + file.count());
      if (from < to) {
        file.read(
            from - begin,
            to - from,
            (row, rows, numbers, at) -> sink.take(begin + row, rows, numbers, at));
      }
      before += file.count();
    }
  }
}
