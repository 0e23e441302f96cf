package dev.eddy.engine.segment;

import dev.eddy.engine.graph.HeapLinks;
import dev.eddy.engine.graph.HeapRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one heap segment: row files ({@link RowsFile}), which only grow, and the newest
 * links file.
 *
 * <p>After a restart a new row file is begun: bytes behind a checkpoint's valid length may belong
 * to another kept checkpoint and are never overwritten. When restarts have left many files they are
 * rewritten as one. Thread-safe: one checkpoint at a time.
 */
final class RowSpool {
  private static final Logger log = LoggerFactory.getLogger(RowSpool.class);

  private static final int PARTS_MAX = 8;

  private final VectorFieldSettings settings;
  private final Path folder;
  private final FileNames names;

  private final List<FilePart> closedParts = new ArrayList<>();
  private @Nullable RowsFileWriter writer;
  private int closedRows;
  private @Nullable FilePart linksPart;
  private boolean isDeleted;

  /** Bytes of all files as of the last change; asked for while a checkpoint holds the lock. */
  private volatile long fileBytes;

  /** Whether links of rows that the newest links file covers are others now. */
  private volatile boolean areLinksChanged;

  /** Rows that the newest links file covers. */
  private volatile int savedLinks;

  RowSpool(VectorFieldSettings settings, Path folder, FileNames names) {
    this.settings = settings;
    this.folder = folder;
    this.names = names;
  }

  /** Continues behind restored parts, which are in the folder already. */
  synchronized void adopt(List<FilePart> parts, @Nullable FilePart links) {
    closedParts.addAll(parts);
    for (FilePart part : parts) {
      closedRows += part.rows();
    }
    linksPart = links;
    count();
  }

  /**
   * Writes the rows {@code [.., count)} that are not in files yet, forces them to disk, and returns
   * all parts.
   */
  synchronized List<FilePart> writeRows(HeapRows rows, int[] slots, int count) throws IOException {
    if (isDeleted) {
      throw new IllegalStateException("row files of a released segment");
    }
    if (closedParts.size() > PARTS_MAX) {
      rows.loadAll(); // Some may be in these files alone.
      // The files in kept checkpoints are links of their own; only the live folder lets go.
      deleteRowFiles();
    }
    if (count < writtenRows()) {
      throw new IllegalStateException(
          "checkpoints out of order: %d rows asked, %d written".formatted(count, writtenRows()));
    }
    try {
      return append(rows, slots, count);
    } catch (IOException failed) {
      // How much reached the file is unknown: begin another one next time.
      dropWriter();
      throw failed;
    } finally {
      count();
    }
  }

  private int writtenRows() {
    return closedRows + (writer == null ? 0 : writer.rows());
  }

  private List<FilePart> append(HeapRows rows, int[] slots, int count) throws IOException {
    float[] row = new float[settings.dimension()];
    for (int ordinal = writtenRows(); ordinal < count; ordinal++) {
      rows.copy(ordinal, row);
      openWriter().append(slots[ordinal], row);
    }
    List<FilePart> parts = new ArrayList<>(closedParts);
    if (writer != null) {
      parts.add(writer.force());
    }
    return parts;
  }

  private RowsFileWriter openWriter() throws IOException {
    RowsFileWriter present = writer;
    if (present == null) {
      present = RowsFileWriter.create(folder.resolve(names.next("rows")), settings);
      writer = present;
    }
    return present;
  }

  /**
   * Writes the links of the first {@code linked} rows unless the newest links file is nearly as
   * good; null when there is none.
   */
  synchronized @Nullable FilePart writeLinks(HeapLinks links, int linked, boolean isFinal)
      throws IOException {
    if (isLinksDue(linked, isFinal)) {
      areLinksChanged = false; // Before: what changes while they are written is for the next time.
      FilePart written = writeLinksFile(links, linked);
      if (linksPart != null) {
        Files.deleteIfExists(folder.resolve(linksPart.name()));
      }
      linksPart = written;
      count();
    }
    return linksPart;
  }

  private FilePart writeLinksFile(HeapLinks links, int linked) throws IOException {
    Path file = folder.resolve(names.next("links"));
    try {
      return LinksFile.write(file, links, linked, settings.graph());
    } catch (IOException failure) {
      areLinksChanged = true;
      FileNames.discard(file, failure);
      throw failure;
    }
  }

  /** Links of rows that may be in a file have changed: the next checkpoint writes all. */
  void noteLinksChanged() {
    areLinksChanged = true;
  }

  /** Whether a checkpoint would write the links of so many rows. Never waits for the disk. */
  boolean isLinksDue(int linked, boolean isFinal) {
    int known = savedLinks;
    if (areLinksChanged && linked >= known) {
      return true;
    }
    // A links file is written whole, so its cost is spread: relinking a twentieth at restart is
    // cheaper than rewriting all each minute.
    return isFinal ? linked > known : linked > known + known / 20 + 1024;
  }

  /** Links the files of these parts into the checkpoint. */
  synchronized void linkInto(Path checkpoint, List<FilePart> parts) throws IOException {
    for (FilePart part : parts) {
      Files.createLink(checkpoint.resolve(part.name()), folder.resolve(part.name()));
    }
  }

  /** Never waits for the disk. */
  long fileBytes() {
    return fileBytes;
  }

  private void count() {
    long bytes = writer == null ? 0 : writer.length();
    for (FilePart part : closedParts) {
      bytes += part.lengthBytes();
    }
    fileBytes = bytes + (linksPart == null ? 0 : linksPart.lengthBytes());
    savedLinks = linksPart == null ? 0 : linksPart.rows();
  }

  private void deleteRowFiles() throws IOException {
    for (FilePart part : closedParts) {
      Files.deleteIfExists(folder.resolve(part.name()));
    }
    closedParts.clear();
    closedRows = 0;
    dropWriter();
  }

  private void dropWriter() throws IOException {
    RowsFileWriter dropped = writer;
    writer = null;
    if (dropped != null) {
      dropped.close();
      Files.deleteIfExists(dropped.file());
    }
  }

  /** Closes and removes the files from the live folder. */
  synchronized void delete() {
    isDeleted = true;
    try {
      deleteRowFiles();
      if (linksPart != null) {
        Files.deleteIfExists(folder.resolve(linksPart.name()));
      }
    } catch (IOException failure) {
      // The live folder is scratch and emptied at the next start; a reader's release must not fail
      // for it.
      log.warn("event=file-delete-failed folder={} reason=\"{}\"", folder, failure.toString());
    }
  }
}
