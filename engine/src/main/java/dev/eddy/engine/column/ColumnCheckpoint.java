package dev.eddy.engine.column;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A column at one moment, to be written into a checkpoint folder by any one thread while the writer
 * goes on. Close it when done, written or not.
 */
public final class ColumnCheckpoint implements AutoCloseable {
  private final FileNumbers numbers;
  private final List<ColumnRun> runs;
  private final List<Taken> chunks = new ArrayList<>();
  private boolean isClosed;

  private record Taken(ChunkFile file, Chunk.View view, int entries) {}

  ColumnCheckpoint(FileNumbers numbers, List<ColumnRun> runs, List<Chunk> chunks) {
    this.numbers = numbers;
    this.runs = List.copyOf(runs);
    this.runs.forEach(ColumnRun::retain);
    for (Chunk chunk : chunks) {
      if (chunk.entries() > 0) {
        chunk.file().retain();
        this.chunks.add(new Taken(chunk.file(), chunk.view(), chunk.entries()));
      }
    }
  }

  /**
   * Brings the files of chunks up to the moment this was taken, forces them to disk and hard-links
   * all files into the folder. The caller forces the folder and stores the manifest.
   */
  public ColumnManifest writeTo(Path checkpointFolder) throws IOException {
    List<StoredRun> sealed = new ArrayList<>(runs.size());
    for (ColumnRun run : runs) {
      StoredRun stored = run.stored();
      Files.createLink(checkpointFolder.resolve(stored.name()), run.file());
      sealed.add(stored);
    }
    List<ColumnPart> parts = new ArrayList<>(chunks.size());
    for (Taken chunk : chunks) {
      parts.add(chunk.file.writeTo(checkpointFolder, chunk.view, chunk.entries));
    }
    return new ColumnManifest(numbers.peek(), parts, sealed);
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      runs.forEach(ColumnRun::release);
      chunks.forEach(chunk -> chunk.file.release());
    }
  }
}
