package dev.eddy.engine.field;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.roaringbitmap.RoaringBitmap;

/** Makes one run of two neighbours. Stateless. */
final class PostingMerge {
  private PostingMerge() {}

  /**
   * @param live which slots may still be asked for
   * @param isOldest whether no run is older than these, so that nothing is left to be replaced
   */
  static HeapRun merge(PostingRun older, PostingRun newer, IntPredicate live, boolean isOldest) {
    RoaringBitmap replaced =
        isOldest ? new RoaringBitmap() : RoaringBitmap.or(older.replaced(), newer.replaced());
    long postings = older.postings() + newer.postings();
    HeapRun.Builder builder = new HeapRun.Builder((int) Math.min(postings, 1 << 20));
    IntPredicate ofOlder =
        newer.replaced().isEmpty()
            ? live
            : slot -> !newer.replaced().contains(slot) && live.test(slot);
    int left = 0;
    int right = 0;
    while (left < older.keyCount() || right < newer.keyCount()) {
      long key =
          right == newer.keyCount()
                  || (left < older.keyCount() && older.key(left) <= newer.key(right))
              ? older.key(left)
              : newer.key(right);
      int[] before = hasKey(older, left, key) ? older.slotsOf(left++) : NO_SLOTS;
      int[] after = hasKey(newer, right, key) ? newer.slotsOf(right++) : NO_SLOTS;
      add(builder, key, before, ofOlder, after, live);
    }
    return builder.build(replaced);
  }

  private static final int[] NO_SLOTS = {};

  private static boolean hasKey(PostingRun run, int at, long key) {
    return at < run.keyCount() && run.key(at) == key;
  }

  private static void add(
      HeapRun.Builder builder,
      long key,
      int[] before,
      IntPredicate ofOlder,
      int[] after,
      IntPredicate ofNewer) {
    int left = 0;
    int right = 0;
    while (left < before.length || right < after.length) {
      boolean isLeft =
          right == after.length || (left < before.length && before[left] <= after[right]);
      int slot = isLeft ? before[left++] : after[right++];
      if ((isLeft ? ofOlder : ofNewer).test(slot)) {
        builder.add(key, slot);
      }
    }
  }

  /**
   * One run of all, in the order of age; the pairs of a whole base that was read piece by piece.
   */
  static HeapRun mergeAll(List<HeapRun> pieces, IntPredicate live) {
    List<HeapRun> left = pieces;
    while (left.size() > 1) {
      List<HeapRun> merged = new ArrayList<>();
      for (int i = 0; i < left.size(); i += 2) {
        merged.add(
            i + 1 == left.size() ? left.get(i) : merge(left.get(i), left.get(i + 1), live, true));
      }
      left = merged;
    }
    return left.isEmpty() ? PostingRun.of(new Pairs(), new RoaringBitmap()) : left.getFirst();
  }
}
