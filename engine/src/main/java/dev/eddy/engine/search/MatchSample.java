package dev.eddy.engine.search;

import org.roaringbitmap.RoaringBitmap;

/** What part of the points matches a filter, by some of them at even distances. One thread. */
final class MatchSample {
  private static final int SAMPLES = 256;

  private final ShardView view;
  private final FilterMemo memo;
  private int asked;
  private int matching;

  MatchSample(ShardView view, FilterMemo memo) {
    this.view = view;
    this.memo = memo;
  }

  /** Of all points. */
  double share() {
    double step = Math.max(1, (double) view.slotCount() / SAMPLES);
    for (double place = 0; place < view.slotCount(); place += step) {
      int slot = view.nextLive((int) place);
      if (slot < 0) {
        break;
      }
      ask(slot);
    }
    return asked == 0 ? 0 : (double) matching / asked;
  }

  /** Of those of the live points of some slots. */
  double shareOf(RoaringBitmap slots) {
    long count = slots.getLongCardinality();
    long step = Math.max(1, count / SAMPLES);
    for (long rank = 0; rank < count; rank += step) {
      int slot = slots.select((int) rank);
      if (view.isLive(slot)) {
        ask(slot);
      }
    }
    return asked == 0 ? 0 : (double) matching / asked;
  }

  private void ask(int slot) {
    asked++;
    matching += memo.matches(slot) ? 1 : 0;
  }
}
