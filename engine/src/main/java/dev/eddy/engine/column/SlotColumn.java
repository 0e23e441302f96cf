package dev.eddy.engine.column;

import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.engine.points.PagedLongs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * An entry of ints and floats for some slots, on the heap and in files.
 *
 * <p>Threading: owned by the shard's writer; readers use a {@link View}, safe from any thread.
 *
 * <p>Invariants: slots are appended in ascending order, each at most once; an entry never changes;
 * each slot stands in at most one chunk. Chunks that hold little are emptied into the growing one,
 * a chunk at a time.
 */
public final class SlotColumn implements AutoCloseable {
  private final ColumnSettings settings;
  private final Path folder;
  private final FileNumbers numbers;

  /** By slot: the chunk's number and the entry's in it, plus 1; 0 = no entry. */
  private final PagedLongs places = new PagedLongs();

  /** By number; null = emptied. */
  private @Nullable Chunk[] chunks = new Chunk[4];

  private int chunkCount;
  private int growing = -1;
  private int live;

  /** Everything at one moment. Immutable; what it needs lives as long as it does. */
  public static final class View {
    private final ColumnSettings settings;
    private final PagedLongs.View places;
    private final Chunk.@Nullable View[] chunks;
    private final int slotCount;
    private final int live;

    private View(
        ColumnSettings settings,
        PagedLongs.View places,
        Chunk.@Nullable View[] chunks,
        int slotCount,
        int live) {
      this.settings = settings;
      this.places = places;
      this.chunks = chunks;
      this.slotCount = slotCount;
      this.live = live;
    }

    /** How the entries look. */
    public ColumnSettings settings() {
      return settings;
    }

    /** Live slots with an entry. */
    public int live() {
      return live;
    }

    /** No slot at or above this has an entry. */
    public int slotCount() {
      return slotCount;
    }

    /** Puts the entry of a slot in reach; false when there is none. */
    public boolean find(int slot, Entry entry) {
      long place = slot < slotCount ? places.get(slot) : 0;
      Chunk.View chunk = place == 0 ? null : chunks[(int) (place >>> 32)];
      if (chunk == null) {
        return false;
      }
      int number = (int) place - 1;
      entry.point(chunk, number);
      return true;
    }

    public boolean contains(int slot) {
      long place = slot < slotCount ? places.get(slot) : 0;
      return place != 0 && chunks[(int) (place >>> 32)] != null;
    }
  }

  /** Where an entry lies: read-only arrays and a range of units in them. One thread. */
  public static final class Entry {
    private int[] ints = new int[0];
    private float[] floats = new float[0];
    private int from;
    private int to;

    private void point(Chunk.View chunk, int number) {
      ints = chunk.ints();
      floats = chunk.floats();
      from = chunk.starts()[number];
      to = chunk.starts()[number + 1];
    }

    /** One int per unit, where units have ints. */
    public int[] ints() {
      return ints;
    }

    /** {@code stride} floats per unit. */
    public float[] floats() {
      return floats;
    }

    /** The first unit. */
    public int from() {
      return from;
    }

    /** One behind the last unit. */
    public int to() {
      return to;
    }

    public int units() {
      return to - from;
    }
  }

  private SlotColumn(ColumnSettings settings, Path folder, FileNumbers numbers) {
    this.settings = settings;
    this.folder = folder;
    this.numbers = numbers;
  }

  /**
   * An empty column.
   *
   * @param folder for its files
   */
  public static SlotColumn create(ColumnSettings settings, Path folder) {
    return new SlotColumn(settings, folder, new FileNumbers(1));
  }

  /**
   * The column as a checkpoint holds it. Every byte is read and checked before this returns. Files
   * are linked into the live folder.
   *
   * @param isLive which slots are live
   * @throws CorruptFileException when a file is missing, short, of another format, or fails its
   *     checksum
   */
  public static SlotColumn restore(
      ColumnSettings settings,
      Path folder,
      Path checkpointFolder,
      ColumnManifest manifest,
      IntPredicate isLive)
      throws IOException {
    SlotColumn column = new SlotColumn(settings, folder, new FileNumbers(manifest.nextFile()));
    for (ColumnPart part : manifest.parts()) {
      Path source = checkpointFolder.resolve(part.name());
      if (!Files.exists(source)) {
        throw new CorruptFileException(source, 0, part.lengthBytes() + " bytes", "no file");
      }
      Chunk chunk = new Chunk(settings, ChunkFile.of(settings, folder, column.numbers, part));
      ChunkFile.read(checkpointFolder, part, settings, chunk);
      Path target = folder.resolve(part.name());
      Files.deleteIfExists(target);
      Files.createLink(target, source);
      column.add(chunk);
    }
    column.placeAll(checkpointFolder, isLive);
    return column;
  }

  private void placeAll(Path from, IntPredicate isLive) throws IOException {
    int slots = 0;
    for (int number = 0; number < chunkCount; number++) {
      Chunk chunk = chunk(number);
      for (int entry = 0; entry < chunk.entries(); entry++) {
        slots = Math.max(slots, chunk.slot(entry) + 1);
      }
    }
    long[] bySlot = new long[slots];
    for (int number = 0; number < chunkCount; number++) {
      Chunk chunk = chunk(number);
      for (int entry = 0; entry < chunk.entries(); entry++) {
        int slot = chunk.slot(entry);
        if (bySlot[slot] != 0) {
          throw new CorruptFileException(from, 0, "each slot once", "slot " + slot + " twice");
        }
        bySlot[slot] = place(number, entry);
        if (isLive.test(slot)) {
          live++;
        } else {
          chunk.noteDead(entry);
        }
      }
    }
    for (long place : bySlot) {
      if (place == 0) {
        places.skip();
      } else {
        places.append(place);
      }
    }
  }

  private static long place(int chunk, int entry) {
    return ((long) chunk << 32) | (entry + 1);
  }

  private Chunk chunk(int number) {
    Chunk chunk = chunks[number];
    if (chunk == null) {
      throw new IllegalStateException("chunk " + number + " is gone");
    }
    return chunk;
  }

  private void add(Chunk chunk) {
    if (chunkCount == chunks.length) {
      chunks = Arrays.copyOf(chunks, chunkCount * 2);
    }
    chunks[chunkCount++] = chunk;
  }

  /** How the entries look. */
  public ColumnSettings settings() {
    return settings;
  }

  /**
   * Adds an entry, which is copied.
   *
   * @param slot above every slot appended before
   * @param ints one per unit where units have ints, else ignored
   * @param floats {@code floatsPerUnit} per unit, one unit behind the other
   */
  public void append(int slot, int units, int[] ints, float[] floats) {
    if (slot < places.size()) {
      throw new IllegalArgumentException(
          "slots must ascend: got %d after %d".formatted(slot, places.size() - 1));
    }
    Chunk chunk = growing(units);
    int entry = chunk.append(slot, units, ints, 0, floats, 0, settings.floatsPerUnit());
    while (places.size() < slot) {
      places.skip();
    }
    places.append(place(growing, entry));
    live++;
  }

  private Chunk growing(int units) {
    if (growing < 0 || !chunk(growing).hasRoom(units)) {
      add(new Chunk(settings, new ChunkFile(settings, folder, numbers)));
      growing = chunkCount - 1;
    }
    return chunk(growing);
  }

  /** Puts the entry of a slot in reach until the next append; false when there is none. */
  public boolean find(int slot, Entry entry) {
    long place = slot < places.size() ? places.get(slot) : 0;
    Chunk chunk = place == 0 ? null : chunks[(int) (place >>> 32)];
    if (chunk == null) {
      return false;
    }
    entry.point(chunk.view(), (int) place - 1);
    return true;
  }

  public boolean contains(int slot) {
    long place = slot < places.size() ? places.get(slot) : 0;
    return place != 0 && chunks[(int) (place >>> 32)] != null;
  }

  /** A slot with an entry is superseded or deleted; once per slot. Others are ignored. */
  public void noteDead(int slot) {
    if (contains(slot)) {
      long place = places.get(slot);
      chunk((int) (place >>> 32)).noteDead((int) place - 1);
      live--;
    }
  }

  /**
   * Empties one chunk that holds little, for its entries died or it was restored half full, if
   * there is one: the work is that of appending half a chunk. Readers see no difference.
   *
   * @return whether it did something
   */
  public boolean compact(IntPredicate isLive) {
    for (int number = 0; number < chunkCount; number++) {
      Chunk chunk = chunks[number];
      if (chunk != null && number != growing && chunk.liveUnits() * 2L < settings.chunkUnits()) {
        empty(number, chunk, isLive);
        return true;
      }
    }
    return false;
  }

  private void empty(int number, Chunk chunk, IntPredicate isLive) {
    Chunk.View from = chunk.view();
    int stride = settings.stride();
    for (int entry = 0; entry < chunk.entries(); entry++) {
      int slot = chunk.slot(entry);
      if (isLive.test(slot)) {
        int start = from.starts()[entry];
        Chunk into = growing(chunk.unitsOf(entry));
        int moved =
            into.append(
                slot,
                chunk.unitsOf(entry),
                from.ints(),
                start,
                from.floats(),
                start * stride,
                stride);
        places.set(slot, place(growing, moved));
      }
    }
    chunks[number] = null;
    chunk.file().release();
  }

  /** What readers see from here on. */
  public View view() {
    Chunk.@Nullable View[] views = new Chunk.View[chunkCount];
    for (int number = 0; number < chunkCount; number++) {
      Chunk chunk = chunks[number];
      views[number] = chunk == null ? null : chunk.view();
    }
    return new View(settings, places.freeze(), views, places.size(), live);
  }

  /** Takes what a checkpoint of this moment holds, without touching the disk. */
  public ColumnCheckpoint beginCheckpoint() {
    List<Chunk> present = new ArrayList<>();
    for (Chunk chunk : chunks) {
      if (chunk != null) {
        present.add(chunk);
      }
    }
    return new ColumnCheckpoint(numbers, present);
  }

  /** Live slots with an entry. */
  public int live() {
    return live;
  }

  /** No slot at or above this has an entry. */
  public int slotCount() {
    return places.size();
  }

  /** Bytes on the heap, the writer's own only. */
  public long heapBytes() {
    long bytes = places.memoryBytes();
    for (Chunk chunk : chunks) {
      bytes += chunk == null ? 0 : chunk.heapBytes();
    }
    return bytes;
  }

  /** Bytes of files in the live folder; never waits for the disk. */
  public long fileBytes() {
    long bytes = 0;
    for (Chunk chunk : chunks) {
      bytes += chunk == null ? 0 : chunk.file().bytes();
    }
    return bytes;
  }

  /** Lets go of the files; views still held stay readable. */
  @Override
  public void close() {
    for (int number = 0; number < chunkCount; number++) {
      Chunk chunk = chunks[number];
      chunks[number] = null;
      if (chunk != null) {
        chunk.file().release();
      }
    }
  }
}
