package dev.eddy.engine.sparse;

import static java.util.Objects.requireNonNull;

import dev.eddy.engine.column.ColumnEntry;
import dev.eddy.engine.column.SlotColumn;
import dev.eddy.engine.format.BackgroundTrouble;
import dev.eddy.engine.sparse.RunBuilder.Built;
import dev.eddy.engine.sparse.RunBuilder.Plan;
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
 * From an index to the slots that have it: runs in files for what is older, tails on the heap for
 * what is newer. Neighbouring runs are merged when they are of like size.
 *
 * <p>Threading: owned by the shard's writer; runs are made by others and taken over by it.
 *
 * <p>Invariants: parts have ascending slots without gaps; the last one is a tail and takes what is
 * appended.
 */
final class SparseIndex {
  /** A run is merged with what follows when it has not this many times as many entries. */
  private static final int SIZE_RATIO = 2;

  /** Postings read by one call of {@link #maintain}: a few milliseconds. */
  private static final int REWRITTEN_AT_ONCE = 1 << 20;

  private final SparseSettings settings;
  private final SlotColumn column;
  private final BackgroundTrouble trouble;
  private final RunBuilder builder;
  private final List<SlotRange> parts = new ArrayList<>();

  /** Slots that died. */
  private final BitSet dead = new BitSet();

  private boolean isOnDisk;

  SparseIndex(SparseSettings settings, SlotColumn column, long nextFile) {
    this.settings = settings;
    this.column = column;
    this.builder = new RunBuilder(settings, nextFile);
    this.trouble = new BackgroundTrouble(settings.fileStem(), settings.nanoClock());
    this.isOnDisk = settings.isOnDisk();
    parts.add(new SlotRange.Tail(0));
  }

  /** Takes over a stored run behind all so far; slots between them are a tail's. */
  void addStored(PostingRun run) {
    if (parts.getLast().from() == run.from()) {
      parts.removeLast();
    }
    parts.add(new SlotRange.Sealed(run, 0));
    parts.add(new SlotRange.Tail(run.to()));
  }

  /** Says what a live slot has, when a field is restored; ascending. */
  void restoreLive(int slot, ColumnEntry vector) {
    switch (parts.get(partOf(slot))) {
      case SlotRange.Tail tail -> tail.add(slot, vector);
      case SlotRange.Sealed sealed -> sealed.noteLive(vector);
    }
  }

  /** Says that a slot is dead, when a field is restored. */
  void restoreDead(int slot) {
    dead.set(slot);
  }

  /** Everything there is was said. */
  void restored() {
    for (SlotRange part : parts) {
      if (part instanceof SlotRange.Sealed sealed) {
        if (sealed.live() < sealed.run().slots()) {
          // Which lists they had, nobody knows any more.
          sealed.dead().addAll();
        }
      }
    }
    if (!isOnDisk) {
      readAhead();
    }
  }

  /** As of {@link SlotColumn#readAhead(boolean)}. */
  void readAhead(boolean isWanted) {
    if (isWanted && isOnDisk) {
      readAhead();
    }
    isOnDisk = !isWanted;
  }

  private void readAhead() {
    for (SlotRange part : parts) {
      if (part instanceof SlotRange.Sealed sealed) {
        settings.background().execute(sealed.run()::load);
      }
    }
  }

  private int partOf(int slot) {
    int low = 0;
    int high = parts.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (parts.get(middle).from() <= slot) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** One behind the slots of a part. */
  private int end(int part) {
    return part + 1 < parts.size() ? parts.get(part + 1).from() : Integer.MAX_VALUE;
  }

  private SlotRange.Tail growing() {
    if (parts.getLast() instanceof SlotRange.Tail tail) {
      return tail;
    }
    throw new IllegalStateException("the last part is no tail");
  }

  /** Adds the vector of a slot, above all appended before. */
  void append(int slot, ColumnEntry vector) {
    growing().add(slot, vector);
  }

  /** A slot with a vector dies. */
  void noteDead(int slot, ColumnEntry vector) {
    dead.set(slot);
    switch (parts.get(partOf(slot))) {
      case SlotRange.Tail tail -> {
        for (int at = vector.from(); at < vector.to(); at++) {
          tail.index().noteDead(vector.ints()[at]);
        }
      }
      case SlotRange.Sealed sealed -> sealed.noteDead(vector);
    }
  }

  /**
   * Takes over runs that are done, starts one that is due, and lets go of some of what is dead.
   *
   * @return whether readers should see it
   */
  boolean maintain(IntPredicate isLive) {
    boolean hasChanged = false;
    for (Built done = builder.poll(); done != null; done = builder.poll()) {
      hasChanged |= takeOver(done);
    }
    for (SlotRange part : parts) {
      if (part instanceof SlotRange.Tail tail) {
        hasChanged |= tail.index().rewrite(REWRITTEN_AT_ONCE, isLive);
      }
    }
    if (!builder.isBuilding() && trouble.mayTry()) {
      Plan due = due();
      if (due != null) {
        builder.start(due);
      }
    }
    return hasChanged;
  }

  private boolean takeOver(Built done) {
    Plan plan = done.plan();
    PostingRun run = done.run();
    if (run == null) {
      trouble.happened(requireNonNull(done.failure(), "failure"));
      return false;
    }
    trouble.over();
    int first = partOf(plan.from());
    int last = partOf(plan.to() - 1);
    if (parts.get(first).from() != plan.from() || end(last) != plan.to()) {
      run.release(); // Another run has taken some of its slots meanwhile.
      return false;
    }
    SlotRange.Sealed sealed = new SlotRange.Sealed(run, run.slots());
    ColumnEntry entry = new ColumnEntry();
    for (int slot = dead.nextSetBit(plan.from());
        slot >= 0 && slot < plan.to();
        slot = dead.nextSetBit(slot + 1)) {
      if (!plan.dead().get(slot) && plan.column().find(slot, entry)) {
        sealed.noteDead(entry);
      }
    }
    List<SlotRange> replaced = parts.subList(first, last + 1);
    replaced.forEach(SparseIndex::release);
    replaced.clear();
    parts.add(first, sealed);
    return true;
  }

  private static void release(SlotRange part) {
    if (part instanceof SlotRange.Sealed sealed) {
      sealed.run().release();
    }
  }

  private long heapEntries() {
    long entries = 0;
    for (SlotRange part : parts) {
      entries += part instanceof SlotRange.Tail ? part.entries() : 0;
    }
    return entries;
  }

  private @Nullable Plan due() {
    if (heapEntries() >= settings.sealedMin()) {
      return tails();
    }
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i) instanceof SlotRange.Sealed sealed) {
        boolean isMerged =
            parts.get(i + 1) instanceof SlotRange.Sealed next
                && sealed.entries() <= SIZE_RATIO * next.entries();
        if (isMerged || sealed.run().isDamaged() || sealed.live() * 2L < sealed.run().slots()) {
          return plan(sealed.from(), end(isMerged ? i + 1 : i));
        }
      }
    }
    return null;
  }

  private Plan plan(int from, int to) {
    return new Plan(column.view(), (BitSet) dead.clone(), from, to);
  }

  /** Everything from the first tail on, and the runs before it that are not larger by far. */
  private @Nullable Plan tails() {
    int to = Math.max(column.slotCount(), growing().from());
    if (growing().from() < to) {
      parts.add(new SlotRange.Tail(to));
    }
    int first = 0;
    while (!(parts.get(first) instanceof SlotRange.Tail)) {
      first++;
    }
    if (first == parts.size() - 1) {
      return null;
    }
    long entries = 0;
    for (SlotRange part : parts.subList(first, parts.size())) {
      entries += part.entries();
    }
    while (first > 0 && parts.get(first - 1).entries() < SIZE_RATIO * entries) {
      entries += parts.get(--first).entries();
    }
    return plan(parts.get(first).from(), to);
  }

  /** What readers see from here on, without what is appended later. */
  List<IndexPart> view() {
    int slots = column.slotCount();
    List<IndexPart> views = new ArrayList<>(parts.size());
    for (int i = 0; i < parts.size(); i++) {
      views.add(
          switch (parts.get(i)) {
            case SlotRange.Tail tail ->
                new TailView(tail.index().view(), tail.from(), Math.min(end(i), slots));
            case SlotRange.Sealed sealed -> new RunView(sealed.run(), sealed.dead());
          });
    }
    return views;
  }

  /** Takes what a checkpoint of this moment holds, without touching the disk. */
  Checkpoint beginCheckpoint() {
    Plan plan = heapEntries() >= settings.storedMin() ? tails() : null;
    List<PostingRun> kept = new ArrayList<>();
    for (SlotRange part : parts) {
      if (part instanceof SlotRange.Sealed sealed
          && !sealed.run().isDamaged()
          && (plan == null || sealed.run().to() <= plan.from())) {
        sealed.run().retain();
        kept.add(sealed.run());
      }
    }
    return new Checkpoint(plan, kept);
  }

  /** The index at one moment, to be written by any one thread. */
  final class Checkpoint implements AutoCloseable {
    private final @Nullable Plan plan;
    private final List<PostingRun> runs;

    private Checkpoint(@Nullable Plan plan, List<PostingRun> runs) {
      this.plan = plan;
      this.runs = runs;
    }

    /** Makes a run of what is not in one, and links all into the folder. */
    SparseManifest writeTo(Path folder) throws IOException {
      if (plan != null) {
        runs.add(builder.buildNow(plan));
      }
      List<SparseManifest.Run> stored = new ArrayList<>();
      for (PostingRun run : runs) {
        String name = String.valueOf(run.file().getFileName());
        Files.createLink(folder.resolve(name), run.file());
        stored.add(new SparseManifest.Run(name, run.from(), run.to(), run.bytes(), run.crc()));
      }
      return new SparseManifest(builder.nextFile(), stored);
    }

    @Override
    public void close() {
      runs.forEach(PostingRun::release);
      runs.clear();
    }
  }

  boolean isBusy() {
    return builder.isBusy() || trouble.isGoingOn();
  }

  Optional<String> problem() {
    return trouble.reason();
  }

  long heapBytes() {
    long bytes = dead.size() / Byte.SIZE;
    for (SlotRange part : parts) {
      bytes +=
          switch (part) {
            case SlotRange.Tail tail -> tail.index().heapBytes();
            case SlotRange.Sealed sealed -> sealed.run().heapBytes() + sealed.dead().heapBytes();
          };
    }
    return bytes;
  }

  long fileBytes() {
    long bytes = 0;
    for (SlotRange part : parts) {
      bytes += part instanceof SlotRange.Sealed sealed ? sealed.run().bytes() : 0;
    }
    return bytes;
  }

  void close() {
    builder.close();
    parts.forEach(SparseIndex::release);
    parts.clear();
  }
}
