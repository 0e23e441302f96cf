package dev.eddy.engine.field;

/** What conditions ask of a value at a path beside its elements, as a key. Stateless. */
final class Facts {
  private static final int EMPTY = 1;
  private static final int NULL = 2;
  private static final int COUNT_SHIFT = 2;

  private Facts() {}

  static long key(long count, boolean isEmpty, boolean hasNull) {
    return count << COUNT_SHIFT | (isEmpty ? EMPTY : 0) | (hasNull ? NULL : 0);
  }

  static long count(long key) {
    return key >> COUNT_SHIFT;
  }

  static boolean isEmpty(long key) {
    return (key & EMPTY) != 0;
  }

  static boolean hasNull(long key) {
    return (key & NULL) != 0;
  }
}
