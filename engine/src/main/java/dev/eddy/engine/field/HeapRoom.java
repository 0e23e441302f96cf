package dev.eddy.engine.field;

/** The node's heap, for work that only makes searches faster. Thread-safe. */
public interface HeapRoom {
  /** There is always room. */
  HeapRoom UNLIMITED =
      new HeapRoom() {
        @Override
        public boolean tryTake(long bytes) {
          return true;
        }

        @Override
        public void giveBack(long bytes) {}
      };

  /** Takes all of these bytes, or none and returns false. */
  boolean tryTake(long bytes);

  /** Gives bytes back that were taken. */
  void giveBack(long bytes);
}
