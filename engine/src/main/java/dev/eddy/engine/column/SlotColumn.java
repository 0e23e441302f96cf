package dev.eddy.engine.column;

import static java.util.Objects.requireNonNull;

import dev.eddy.engine.format.BackgroundTrouble;
import dev.eddy.engine.format.CorruptFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * An entry of ints and floats for some slots: in sealed files, which are mapped, for what is older,
 * in chunks on the heap for what is newer. Sealed files are made beside the writer.
 *
 * <p>Threading: owned by the shard's writer; readers use a {@link ColumnView}, safe from any
 * thread.
 *
 * <p>Invariants: slots are appended in ascending order, each at most once; an entry never changes;
 * runs are of ascending ranges of slots, all below those of the tail.
 *
 * <p>A run that is found damaged ends the column: see {@link ColumnRun}.
 */
public final class SlotColumn implements AutoCloseable {
  /** Chunks beside those that get full: each start adds one, which few entries may be in. */
  private static final int CHUNKS_MORE = 16;

  private final ColumnSettings settings;
  private final ColumnHome home;
  private final FileNumbers numbers;
  private final List<Sealed> runs = new ArrayList<>();

  /** The files of the runs, as readers get them: another array when they change. */
  private ColumnRun[] mapped = {};

  private ColumnTail tail;

  /** Slots that died; of those without an entry some. */
  private final BitSet dead = new BitSet();

  private int live;
  private long liveUnits;
  private final RunBuilder builder;
  private final long sealedUnits;
  private final BackgroundTrouble trouble;
  private boolean isReadAhead;

  /** A run, and the units of those slots of it that live. */
  private static final class Sealed {
    private final ColumnRun run;
    private long liveUnits;

    Sealed(ColumnRun run, long liveUnits) {
      this.run = run;
      this.liveUnits = liveUnits;
    }
  }

  private SlotColumn(ColumnSettings settings, ColumnHome home, FileNumbers numbers) {
    this.settings = settings;
    this.home = home;
    this.numbers = numbers;
    this.builder = new RunBuilder(home, numbers);
    this.tail = new ColumnTail(settings, 0);
    this.sealedUnits = Math.max(1, home.sealedBytes() / settings.unitBytes());
    this.trouble = new BackgroundTrouble(settings.fileStem(), home.nanoClock());
    this.isReadAhead = home.isReadAhead();
  }

  /** An empty column. */
  public static SlotColumn create(ColumnSettings settings, ColumnHome home) {
    return new SlotColumn(settings, home, new FileNumbers(1));
  }

  /**
   * The column as a checkpoint holds it. Sealed files are mapped, without reading their data but
   * where they were found damaged before; every byte of the others is read and checked before this
   * returns. Files are linked into the live folder.
   *
   * @param isLive which slots are live
   * @throws CorruptFileException when a file is missing, short, of another format, or fails its
   *     checksum
   */
  public static SlotColumn restore(
      ColumnSettings settings,
      ColumnHome home,
      Path checkpointFolder,
      ColumnManifest manifest,
      IntPredicate isLive)
      throws IOException {
    SlotColumn column = new SlotColumn(settings, home, new FileNumbers(manifest.nextFile()));
    try {
      for (StoredRun stored : manifest.runs()) {
        Path file = link(checkpointFolder, stored.name(), home);
        column.restore(ColumnRun.open(file, settings, home.damage()), stored, isLive);
      }
      column.restoreTail(checkpointFolder, manifest.parts(), isLive);
      if (home.isReadAhead()) {
        readAhead(column.mapped, 0, home);
      }
    } catch (IOException | RuntimeException e) {
      column.close();
      throw e;
    }
    return column;
  }

  /** One after the other, behind what others wait for in the background. */
  private static void readAhead(ColumnRun[] runs, int next, ColumnHome home) {
    if (next < runs.length) {
      home.background()
          .execute(() -> {
            runs[next].load();
            readAhead(runs, next + 1, home);
          });
    }
  }

  private static Path link(Path from, String name, ColumnHome home) throws IOException {
    Path source = from.resolve(name);
    if (!Files.exists(source)) {
      throw new CorruptFileException(source, 0, "a column's file", "no file");
    }
    Path target = home.folder().resolve(name);
    Files.deleteIfExists(target);
    Files.createLink(target, source);
    return target;
  }

  private void restore(ColumnRun run, StoredRun stored, IntPredicate isLive) throws IOException {
    Sealed sealed = new Sealed(run, 0);
    runs.add(sealed);
    runsChanged();
    if (!run.stored().equals(stored)) {
      throw new CorruptFileException(run.file(), 0, stored.toString(), run.stored().toString());
    }
    for (int slot = run.from(); slot < run.to(); slot++) {
      if (!isLive.test(slot)) {
        dead.set(slot);
      } else if (run.contains(slot)) {
        live++;
        liveUnits += run.unitsOf(slot);
        sealed.liveUnits += run.unitsOf(slot);
      }
    }
  }

  private void restoreTail(Path folder, List<ColumnPart> parts, IntPredicate isLive)
      throws IOException {
    tail = new ColumnTail(settings, runs.isEmpty() ? 0 : runs.getLast().run.to());
    for (ColumnPart part : parts) {
      Path _ = link(folder, part.name(), home);
      Chunk chunk = new Chunk(settings, ChunkFile.of(settings, home.folder(), numbers, part));
      ChunkFile.read(folder, part, settings, chunk);
      tail.restore(chunk);
    }
    tail.placeAll(folder);
    for (int slot = tail.from(); slot < tail.end(); slot++) {
      if (!isLive.test(slot)) {
        dead.set(slot);
      } else if (tail.contains(slot)) {
        live++;
        liveUnits += tail.unitsOf(slot);
      }
    }
  }

  /**
   * Says anew whether searches are to find the files in memory; then those that are there are read
   * in the background. Made later, they are in memory as they are written.
   */
  public void readAhead(boolean isWanted) {
    if (isWanted && !isReadAhead) {
      readAhead(mapped, 0, home);
    }
    isReadAhead = isWanted;
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
    if (slot < tail.end()) {
      throw new IllegalArgumentException(
          "slots must ascend: got %d after %d".formatted(slot, tail.end() - 1));
    }
    tail.append(slot, units, ints, floats, () -> new ChunkFile(settings, home.folder(), numbers));
    live++;
    liveUnits += units;
  }

  /** Puts the entry of a slot in reach until the next append; false when there is none. */
  public boolean find(int slot, ColumnEntry entry) {
    if (slot >= tail.from()) {
      return tail.find(slot, entry);
    }
    Sealed sealed = sealed(slot);
    return sealed != null && sealed.run.find(slot, entry);
  }

  public boolean contains(int slot) {
    if (slot >= tail.from()) {
      return tail.contains(slot);
    }
    Sealed sealed = sealed(slot);
    return sealed != null && sealed.run.contains(slot);
  }

  private void runsChanged() {
    mapped = runs.stream().map(sealed -> sealed.run).toArray(ColumnRun[]::new);
  }

  private @Nullable Sealed sealed(int slot) {
    int found = ColumnRun.find(slot, mapped);
    return found < 0 ? null : runs.get(found);
  }

  /** A slot with an entry is superseded or deleted; once per slot. Others are ignored. */
  public void noteDead(int slot) {
    if (!contains(slot)) {
      return;
    }
    dead.set(slot);
    live--;
    Sealed sealed = slot < tail.from() ? sealed(slot) : null;
    if (sealed == null) {
      liveUnits -= tail.unitsOf(slot);
    } else {
      int units = sealed.run.unitsOf(slot);
      sealed.liveUnits -= units;
      liveUnits -= units;
    }
  }

  /**
   * Takes over files that are done, and starts to make some where enough is on the heap or half of
   * a file is dead. Readers see no difference.
   *
   * @return whether readers should get another view, so that memory is given back
   * @throws java.io.UncheckedIOException when a file was found damaged
   */
  public boolean maintain() {
    runs.forEach(sealed -> sealed.run.throwDamage());
    boolean hasChanged = false;
    RunBuilder.Built done = builder.poll();
    if (done != null) {
      hasChanged = takeOver(done);
    }
    if (!builder.isBusy() && trouble.mayTry()) {
      RunBuilder.Plan due = due();
      if (due != null) {
        builder.start(due);
      }
    }
    return hasChanged;
  }

  private RunBuilder.@Nullable Plan due() {
    boolean isManyChunks = tail.chunkCount() > CHUNKS_MORE + sealedUnits / settings.chunkUnits();
    if (tail.units() >= sealedUnits || isManyChunks) {
      tail.closeChunk();
      return plan(runs.size(), tail.end(), tail.units(), runs.size(), tail.chunkCount());
    }
    for (int number = 0; number < runs.size(); number++) {
      Sealed sealed = runs.get(number);
      if (sealed.liveUnits * 2 < sealed.run.units()) {
        return plan(number, sealed.run.to(), sealed.liveUnits, number + 1, 0);
      }
    }
    return null;
  }

  /** With those runs before the first one that are no larger than all behind them together. */
  private RunBuilder.Plan plan(int begin, int to, long units, int last, int chunks) {
    long most = RunWriter.DATA_BYTES_MAX / settings.unitBytes();
    long sum = units;
    int first = begin;
    while (first > 0
        && runs.get(first - 1).liveUnits <= sum
        && sum + runs.get(first - 1).liveUnits <= most) {
      sum += runs.get(--first).liveUnits;
    }
    int from = first < last ? runs.get(first).run.from() : tail.from();
    return new RunBuilder.Plan(view(), (BitSet) dead.clone(), from, to, first, last, chunks);
  }

  private boolean takeOver(RunBuilder.Built done) {
    List<ColumnRun> made = done.runs();
    if (made == null) {
      trouble.happened(requireNonNull(done.failure(), "failure"));
      return false;
    }
    trouble.over();
    RunBuilder.Plan plan = done.plan();
    List<Sealed> replaced = runs.subList(plan.first(), plan.last());
    replaced.forEach(sealed -> sealed.run.release());
    replaced.clear();
    for (int i = 0; i < made.size(); i++) {
      ColumnRun run = made.get(i);
      runs.add(plan.first() + i, new Sealed(run, run.units() - diedSince(plan, run)));
    }
    runsChanged();
    if (plan.chunks() > 0) {
      tail = tail.without(plan.chunks(), plan.to());
    }
    return true;
  }

  private long diedSince(RunBuilder.Plan plan, ColumnRun run) {
    long units = 0;
    for (int slot = dead.nextSetBit(run.from());
        slot >= 0 && slot < run.to();
        slot = dead.nextSetBit(slot + 1)) {
      units += plan.dead().get(slot) ? 0 : run.unitsOf(slot);
    }
    return units;
  }

  /** Whether background work is under way or is to be tried again. */
  public boolean isBusy() {
    return builder.isBusy() || trouble.isGoingOn();
  }

  /** Why files can't be written for now; empty when nothing failed. */
  public Optional<String> problem() {
    return trouble.reason();
  }

  /** What readers see from here on. */
  public ColumnView view() {
    return new ColumnView(settings, mapped, tail.view(), live);
  }

  /** Takes what a checkpoint of this moment holds, without touching the disk. */
  public ColumnCheckpoint beginCheckpoint() {
    return new ColumnCheckpoint(numbers, List.of(mapped), tail.chunks());
  }

  /** Live slots with an entry. */
  public int live() {
    return live;
  }

  /** No slot at or above this has an entry. */
  public int slotCount() {
    return tail.end();
  }

  /** Bytes on the heap, the writer's own only. */
  public long heapBytes() {
    long bytes = tail.heapBytes() + dead.size() / Byte.SIZE;
    for (Sealed sealed : runs) {
      bytes += sealed.run.heapBytes();
    }
    return bytes;
  }

  /** Bytes of the entries of live slots, wherever they are. */
  public long dataBytes() {
    return liveUnits * settings.filledBytes();
  }

  /** Bytes of files in the live folder; never waits for the disk. */
  public long fileBytes() {
    long bytes = tail.fileBytes();
    for (Sealed sealed : runs) {
      bytes += sealed.run.bytes();
    }
    return bytes;
  }

  /** Blocks of sealed files that were read so far, for tests. */
  int blocksRead() {
    return runs.stream().mapToInt(sealed -> sealed.run.blocksRead()).sum();
  }

  /** Lets go of the files; views still held stay readable. */
  @Override
  public void close() {
    builder.close();
    tail.close();
    runs.forEach(sealed -> sealed.run.release());
    runs.clear();
    runsChanged();
  }
}
