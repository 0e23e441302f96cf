package dev.eddy.engine.sparse;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Postings on the heap. */
record TailView(InvertedIndex.View index, int from, int to) implements IndexPart {
  @Override
  public Lists lists(SparseQuery query) {
    int terms = query.indices().length;
    @Nullable PostingList[] lists = new PostingList[terms];
    int[] ends = new int[terms];
    long entries = 0;
    for (int i = 0; i < terms; i++) {
      PostingList list = index.list(query.indices()[i]);
      lists[i] = list;
      ends[i] = list == null ? 0 : list.lowerBound(to);
      entries += ends[i];
    }
    return new Found(lists, ends, entries);
  }

  @SuppressWarnings("ArrayRecordComponent") // Made for one search, compared by nobody.
  private record Found(@Nullable PostingList[] found, int[] ends, long entries) implements Lists {
    @Override
    public double magnitude(int term) {
      PostingList list = found[term];
      return list == null || ends[term] == 0 ? 0 : list.magnitude();
    }

    @Override
    public CandidateScan.Part open(ScaledQuery query) {
      List<ListCursor> cursors = new ArrayList<>(found.length);
      boolean isPositive = true;
      for (int i = 0; i < found.length; i++) {
        PostingList list = found[i];
        if (list != null && ends[i] > 0) {
          double factor = query.factor(i);
          cursors.add(new TailCursor(list.block(), ends[i], factor));
          isPositive &= factor >= 0 && !list.hasNegative();
        }
      }
      return new CandidateScan.Part(cursors, 0, TailCursor.EXCESS * cursors.size(), isPositive);
    }
  }

  @Override
  public int frequency(int wanted, IntPredicate isLive) {
    PostingList list = index.list(wanted);
    if (list == null) {
      return 0;
    }
    // Asked first: an entry that is not dead now was not dead at this moment.
    boolean hasDead = list.hasDead();
    int end = list.lowerBound(to);
    if (!hasDead) {
      return end;
    }
    int[] slots = list.block().slots();
    int count = 0;
    for (int i = 0; i < end; i++) {
      count += isLive.test(slots[i]) ? 1 : 0;
    }
    return count;
  }
}
