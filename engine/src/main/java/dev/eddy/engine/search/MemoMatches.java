package dev.eddy.engine.search;

import dev.eddy.engine.segment.SlotAcceptor;

/** The points that match a filter, as a memo knows them. */
final class MemoMatches implements FilteredSearch.Matches {
  private final ShardView view;
  private final FilterMemo memo;
  private final boolean hasDead;

  MemoMatches(ShardView view, FilterMemo memo) {
    this.view = view;
    this.memo = memo;
    this.hasDead = view.hasDeadSlots();
  }

  @Override
  public long count(int from, int to) {
    return memo.estimate(from, to);
  }

  @Override
  public long open(int from, int to) {
    return Math.min(memo.openSlots(), Math.max(0, to - from));
  }

  @Override
  public boolean contains(int slot) {
    return (!hasDead || view.isLive(slot)) && memo.matches(slot);
  }

  @Override
  public SlotAcceptor acceptor(long tests) {
    long[] bits = memo.matchingBits(tests);
    return bits == null
        ? this::contains
        : slot -> slot >>> 6 < bits.length && (bits[slot >>> 6] >>> slot & 1) != 0;
  }

  @Override
  public void forEach(int from, int to, FilteredSearch.SlotsConsumer consumer) {
    memo.forEachMatch(from, to, consumer);
  }
}
