package dev.eddy.engine.sparse;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * The slots that have one index, ascending, with their weights.
 *
 * <p>Threading: one writer appends; readers on other threads take {@link #block} after {@link
 * #size} and look only at slots below their view's bound, of which they see all. Entries never
 * change; the bounds of a block may be wider than a reader's part of it.
 */
final class PostingList {
  static final int BLOCK_BITS = 6;
  private static final int AT_START = 4;
  private static final int REWRITE_MIN = 64;

  private volatile Block block;

  /** Written after the entry it counts. */
  private volatile int size;

  /** Entries noted dead; the writer's, and readers may ask whether it is 0. */
  private volatile int dead;

  /** Written before the size; may be of entries that a reader does not know. */
  private float largest = Float.NEGATIVE_INFINITY;

  private float smallest = Float.POSITIVE_INFINITY;

  /** Entries, and per 64 of them the largest and the smallest weight. */
  record Block(int[] slots, float[] weights, float[] largest, float[] smallest) {
    static Block ofCapacity(int entries) {
      int blocks = (entries >>> BLOCK_BITS) + 1;
      return new Block(new int[entries], new float[entries], new float[blocks], new float[blocks]);
    }

    private Block grown() {
      int entries = slots.length * 2;
      int blocks = (entries >>> BLOCK_BITS) + 1;
      return new Block(
          Arrays.copyOf(slots, entries),
          Arrays.copyOf(weights, entries),
          Arrays.copyOf(largest, blocks),
          Arrays.copyOf(smallest, blocks));
    }
  }

  PostingList() {
    this(Block.ofCapacity(AT_START));
  }

  private PostingList(Block block) {
    this.block = block;
  }

  /** Adds an entry; its slot is above all before. */
  void append(int slot, float weight) {
    Block current = block;
    int at = size;
    if (at == current.slots.length) {
      current = current.grown();
      block = current;
    }
    current.slots[at] = slot;
    current.weights[at] = weight;
    int group = at >>> BLOCK_BITS;
    boolean isFirst = (at & ((1 << BLOCK_BITS) - 1)) == 0;
    current.largest[group] = isFirst ? weight : Math.max(current.largest[group], weight);
    current.smallest[group] = isFirst ? weight : Math.min(current.smallest[group], weight);
    largest = Math.max(largest, weight);
    smallest = Math.min(smallest, weight);
    size = at + 1;
  }

  /** At least the largest absolute weight of the entries that {@link #size} counted before. */
  float magnitude() {
    return Math.max(Math.abs(largest), Math.abs(smallest));
  }

  /** Whether a weight is negative of the entries that {@link #size} counted before. */
  boolean hasNegative() {
    return smallest < 0;
  }

  int size() {
    return size;
  }

  Block block() {
    return block;
  }

  /** Entries of slots below the bound. */
  int lowerBound(int slotCount) {
    int entries = size; // Before the block, which then holds so many entries at least.
    int[] slots = block.slots;
    if (entries > 0 && slots[entries - 1] < slotCount) {
      return entries;
    }
    int found = Arrays.binarySearch(slots, 0, entries, slotCount);
    return found < 0 ? -found - 1 : found;
  }

  boolean hasDead() {
    return dead > 0;
  }

  /**
   * Counts a dead entry.
   *
   * @return whether so many are dead that the list should be rewritten
   */
  boolean noteDead() {
    int count = dead + 1;
    dead = count;
    return count >= REWRITE_MIN && count * 2L > size;
  }

  /** The list without its dead entries. */
  PostingList rewritten(IntPredicate isLive) {
    PostingList fresh = new PostingList();
    Block old = block;
    int count = size;
    for (int i = 0; i < count; i++) {
      if (isLive.test(old.slots[i])) {
        fresh.append(old.slots[i], old.weights[i]);
      }
    }
    return fresh;
  }

  long heapBytes() {
    return 64 + 8L * block.slots.length + 8L * block.largest.length;
  }
}
