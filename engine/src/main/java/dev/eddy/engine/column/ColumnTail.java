package dev.eddy.engine.column;

import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.engine.points.PagedLongs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The entries of all slots from one on, in chunks on the heap. Owned by the shard's writer.
 *
 * <p>Invariants: slots are appended in ascending order, each at most once; an entry never changes.
 */
final class ColumnTail {
  private final ColumnSettings settings;

  /** The first slot that it may have. */
  private final int from;

  /** By slot less {@link #from}: the chunk's number and the entry's in it, plus 1; 0 = no entry. */
  private final PagedLongs places = new PagedLongs();

  private Chunk[] chunks = new Chunk[0];

  /** Whether the last chunk takes no more. */
  private boolean isClosed = true;

  private long units;

  /** What was there at one moment. Immutable. */
  record View(int from, int end, PagedLongs.View places, Chunk.View[] chunks) {
    boolean find(int slot, ColumnEntry entry) {
      long place = slot < end ? places.get(slot - from) : 0;
      if (place == 0) {
        return false;
      }
      entry.point(chunks[(int) (place >>> 32)], (int) place - 1);
      return true;
    }

    boolean contains(int slot) {
      return slot < end && places.get(slot - from) != 0;
    }
  }

  ColumnTail(ColumnSettings settings, int from) {
    this.settings = settings;
    this.from = from;
  }

  private static long place(int chunk, int entry) {
    return ((long) chunk << 32) | (entry + 1);
  }

  /** Takes over a chunk of a checkpoint, to be {@linkplain #placeAll placed}. */
  void restore(Chunk chunk) {
    add(chunk);
    isClosed = true;
    units += chunk.units();
  }

  /**
   * All chunks of a checkpoint are there.
   *
   * @param source where they are from
   * @throws CorruptFileException when two entries are of one slot, or one of a slot too low
   */
  void placeAll(Path source) throws IOException {
    int end = from;
    for (Chunk chunk : chunks) {
      for (int entry = 0; entry < chunk.entries(); entry++) {
        end = Math.max(end, chunk.slot(entry) + 1);
      }
    }
    long[] bySlot = new long[end - from];
    for (int number = 0; number < chunks.length; number++) {
      for (int entry = 0; entry < chunks[number].entries(); entry++) {
        int slot = chunks[number].slot(entry);
        if (slot < from || bySlot[slot - from] != 0) {
          throw new CorruptFileException(
              source, 0, "each slot once from " + from, "slot " + slot + " again");
        }
        bySlot[slot - from] = place(number, entry);
      }
    }
    for (long place : bySlot) {
      put(place);
    }
  }

  private void put(long place) {
    if (place == 0) {
      places.skip();
    } else {
      places.append(place);
    }
  }

  private void add(Chunk chunk) {
    chunks = Arrays.copyOf(chunks, chunks.length + 1);
    chunks[chunks.length - 1] = chunk;
  }

  /** The first slot that it may have. */
  int from() {
    return from;
  }

  /** No slot at or above this has an entry. */
  int end() {
    return from + places.size();
  }

  /** Units of all entries, dead ones included. */
  long units() {
    return units;
  }

  int chunkCount() {
    return chunks.length;
  }

  /** What is appended from here on goes into another chunk than what is there. */
  void closeChunk() {
    isClosed = true;
  }

  /** Adds an entry of a slot that is not below the {@link #end}. */
  void append(int slot, int count, int[] ints, float[] floats, ChunkFile.Maker files) {
    if (isClosed || !chunks[chunks.length - 1].hasRoom(count)) {
      add(new Chunk(settings, files.make()));
      isClosed = false;
    }
    int entry = chunks[chunks.length - 1].append(slot, count, ints, floats);
    while (end() < slot) {
      places.skip();
    }
    places.append(place(chunks.length - 1, entry));
    units += count;
  }

  boolean find(int slot, ColumnEntry entry) {
    long place = slot < end() ? places.get(slot - from) : 0;
    if (place == 0) {
      return false;
    }
    entry.point(chunks[(int) (place >>> 32)].view(), (int) place - 1);
    return true;
  }

  boolean contains(int slot) {
    return slot < end() && places.get(slot - from) != 0;
  }

  /** Units of a slot that has an entry. */
  int unitsOf(int slot) {
    long place = places.get(slot - from);
    return chunks[(int) (place >>> 32)].unitsOf((int) place - 1);
  }

  /**
   * What is left when the first chunks, of all slots below one, are gone. Their files are released.
   */
  ColumnTail without(int gone, int to) {
    ColumnTail rest = new ColumnTail(settings, to);
    rest.chunks = Arrays.copyOfRange(chunks, gone, chunks.length);
    rest.isClosed = isClosed || rest.chunks.length == 0;
    for (Chunk chunk : rest.chunks) {
      rest.units += chunk.units();
    }
    for (int slot = to; slot < end(); slot++) {
      long place = places.get(slot - from);
      rest.put(place == 0 ? 0 : place - ((long) gone << 32));
    }
    for (int number = 0; number < gone; number++) {
      chunks[number].file().release();
    }
    return rest;
  }

  View view() {
    return new View(
        from,
        end(),
        places.freeze(),
        Arrays.stream(chunks).map(Chunk::view).toArray(Chunk.View[]::new));
  }

  List<Chunk> chunks() {
    return List.of(chunks);
  }

  long heapBytes() {
    long bytes = places.memoryBytes();
    for (Chunk chunk : chunks) {
      bytes += chunk.heapBytes();
    }
    return bytes;
  }

  long fileBytes() {
    long bytes = 0;
    for (Chunk chunk : chunks) {
      bytes += chunk.file().bytes();
    }
    return bytes;
  }

  void close() {
    for (Chunk chunk : chunks) {
      chunk.file().release();
    }
    chunks = new Chunk[0];
    isClosed = true;
  }
}
