package dev.eddy.engine.search;

import java.util.function.IntPredicate;

/** The points that match a filter, as a memo knows them. */
final class MemoMatches implements FilteredSearch.Matches {
  private final ShardView view;
  private final FilterMemo memo;
  private final FilterMemo.Estimate estimate;
  private final boolean hasDead;

  MemoMatches(ShardView view, FilterMemo memo) {
    this.view = view;
    this.memo = memo;
    this.estimate = memo.estimate();
    this.hasDead = view.hasDeadSlots();
  }

  @Override
  public long count() {
    return estimate.matches();
  }

  @Override
  public boolean isTestCheap() {
    return estimate.isExact();
  }

  @Override
  public boolean contains(int slot) {
    return (!hasDead || view.isLive(slot)) && memo.matches(slot);
  }

  @Override
  public void forEach(IntPredicate consumer) {
    memo.forEachMatch(consumer);
  }
}
