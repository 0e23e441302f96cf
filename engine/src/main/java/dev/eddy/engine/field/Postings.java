package dev.eddy.engine.field;

import java.util.List;
import java.util.function.LongPredicate;
import org.roaringbitmap.RoaringBitmap;

/**
 * The runs of an index at one moment, oldest first. Slots of dead points may be among the answers.
 * Immutable, thread-safe.
 */
record Postings(List<PostingRun> runs) {
  static final Postings EMPTY = new Postings(List.of());

  Postings {
    runs = List.copyOf(runs);
  }

  /** What of a run counts. */
  private interface RunQuery {
    void ask(PostingRun run, SlotCollector into);
  }

  private RoaringBitmap ask(RunQuery query) {
    RoaringBitmap found = new RoaringBitmap();
    RoaringBitmap replaced = new RoaringBitmap();
    SlotCollector collector = new SlotCollector();
    for (int i = runs.size() - 1; i >= 0; i--) {
      PostingRun run = runs.get(i);
      query.ask(run, collector);
      if (replaced.isEmpty() && run.replaced().isEmpty()) {
        continue; // Nothing to take away so far: all is gathered first.
      }
      RoaringBitmap ofRun = collector.take();
      ofRun.andNot(replaced);
      found.or(ofRun);
      replaced.or(run.replaced());
    }
    RoaringBitmap rest = collector.take();
    rest.andNot(replaced);
    rest.or(found);
    return rest;
  }

  /** Slots with a key. */
  RoaringBitmap with(long key) {
    return within(key, key);
  }

  /** Slots with a key from one to another, both included. */
  RoaringBitmap within(long from, long to) {
    return ask((run, into) -> {
      int end = to == Long.MAX_VALUE ? run.keyCount() : run.firstAtOrAbove(to + 1);
      run.collect(run.firstAtOrAbove(from), end, into);
    });
  }

  /** Slots with one of these keys, which ascend. */
  RoaringBitmap withAny(long[] keys) {
    return ask((run, into) -> {
      for (long key : keys) {
        int at = run.firstAtOrAbove(key);
        if (at < run.keyCount() && run.key(at) == key) {
          run.collect(at, at + 1, into);
        }
      }
    });
  }

  /** Slots with a key that passes; asks all keys. */
  RoaringBitmap where(LongPredicate test) {
    return ask((run, into) -> {
      for (int at = 0; at < run.keyCount(); at++) {
        if (test.test(run.key(at))) {
          run.collect(at, at + 1, into);
        }
      }
    });
  }

  /** Takes a key and the slots that have it; false = no more. */
  interface KeyVisitor {
    boolean visit(long key, RoaringBitmap slots);
  }

  /** Visits keys from one to another in ascending order, or from the other back. */
  void forEachKey(long from, long to, boolean isDescending, KeyVisitor visitor) {
    int[] next = new int[runs.size()];
    for (int i = 0; i < next.length; i++) {
      PostingRun run = runs.get(i);
      next[i] =
          !isDescending
              ? run.firstAtOrAbove(from)
              : to == Long.MAX_VALUE ? run.keyCount() - 1 : run.firstAtOrAbove(to + 1) - 1;
    }
    while (true) {
      boolean isFound = false;
      long key = 0;
      for (int i = 0; i < next.length; i++) {
        if (next[i] >= 0 && next[i] < runs.get(i).keyCount()) {
          long candidate = runs.get(i).key(next[i]);
          boolean isFirst = isDescending ? candidate > key : candidate < key;
          key = !isFound || isFirst ? candidate : key;
          isFound = true;
        }
      }
      if (!isFound || key < from || key > to) {
        return;
      }
      for (int i = 0; i < next.length; i++) {
        boolean isHere =
            next[i] >= 0 && next[i] < runs.get(i).keyCount() && runs.get(i).key(next[i]) == key;
        next[i] += isHere ? (isDescending ? -1 : 1) : 0;
      }
      if (!visitor.visit(key, with(key))) {
        return;
      }
    }
  }

  long heapBytes() {
    return runs.stream().mapToLong(PostingRun::heapBytes).sum();
  }

  long mappedBytes() {
    return runs.stream().mapToLong(PostingRun::mappedBytes).sum();
  }

  /** Takes a reference to each run, beside those that are held. */
  void retain() {
    runs.forEach(PostingRun::retain);
  }

  /** Gives these references back. */
  void release() {
    runs.forEach(PostingRun::release);
  }
}
