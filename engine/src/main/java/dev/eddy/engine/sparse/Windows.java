package dev.eddy.engine.sparse;

/** How slots are cut into windows. */
final class Windows {
  /** Of the windows of stored files. */
  static final int BITS = 13;

  static final int SLOTS = 1 << BITS;

  /**
   * Slots that are summed at a time: the sums stay in the second cache, and lists are read in long
   * stretches, which memory is fast at.
   */
  static final int SUMMED = 1 << 16;

  private Windows() {}

  /** The first slot of those that are summed together with a slot. */
  static int start(int slot) {
    return slot & -SUMMED;
  }
}
