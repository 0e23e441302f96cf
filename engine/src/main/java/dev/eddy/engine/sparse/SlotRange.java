package dev.eddy.engine.sparse;

import dev.eddy.engine.column.ColumnEntry;

/** A range of slots of an index, up to the next one. Owned by the shard's writer. */
sealed interface SlotRange {
  /** The first slot. */
  int from();

  /** Postings, of dead slots too. */
  long entries();

  /** On the heap. */
  final class Tail implements SlotRange {
    private final InvertedIndex index = new InvertedIndex();
    private final int from;
    private long entries;

    Tail(int from) {
      this.from = from;
    }

    @Override
    public int from() {
      return from;
    }

    @Override
    public long entries() {
      return entries;
    }

    InvertedIndex index() {
      return index;
    }

    void add(int slot, ColumnEntry vector) {
      for (int at = vector.from(); at < vector.to(); at++) {
        index.append(slot, vector.ints()[at], vector.floats()[at]);
      }
      entries += vector.units();
    }
  }

  /** In a file. */
  final class Sealed implements SlotRange {
    private final PostingRun run;
    private final DeadLists dead;
    private int live;

    /**
     * @param live slots with a posting that live
     */
    Sealed(PostingRun run, int live) {
      this.run = run;
      this.dead = new DeadLists(run.lists());
      this.live = live;
    }

    @Override
    public int from() {
      return run.from();
    }

    @Override
    public long entries() {
      return run.entries();
    }

    PostingRun run() {
      return run;
    }

    DeadLists dead() {
      return dead;
    }

    /** Slots with a posting that live. */
    int live() {
      return live;
    }

    void noteLive(ColumnEntry vector) {
      live += vector.units() > 0 ? 1 : 0;
    }

    void noteDead(ColumnEntry vector) {
      live -= vector.units() > 0 ? 1 : 0;
      for (int at = vector.from(); at < vector.to(); at++) {
        int list = run.find(vector.ints()[at]);
        if (list >= 0) {
          dead.add(list);
        }
      }
    }
  }
}
