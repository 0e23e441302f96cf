package dev.eddy.engine.field;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the large runs of an index are to be. Thread-safe. */
sealed interface RunHome {
  /** Whether a run is to move. */
  boolean isElsewhere(PostingRun run);

  /**
   * Brings a run to where it is to be.
   *
   * @param run held by the caller
   * @return the run, or the same one elsewhere with a reference of its own
   */
  PostingRun settled(PostingRun run);

  /** All on the heap. */
  record Heap() implements RunHome {
    @Override
    public boolean isElsewhere(PostingRun run) {
      return run instanceof MappedRun;
    }

    @Override
    public PostingRun settled(PostingRun run) {
      return run.onHeap();
    }
  }

  /** Large ones in mapped files. */
  record Disk(IndexFiles files) implements RunHome {
    private static final Logger LOG = LoggerFactory.getLogger(Disk.class);

    @Override
    public boolean isElsewhere(PostingRun run) {
      return run instanceof HeapRun heap
          && heap.keyCount() > 0
          && heap.heapBytes() >= files.mappedBytesMin()
          && !heap.isRefused();
    }

    @Override
    public PostingRun settled(PostingRun run) {
      if (!(run instanceof HeapRun heap) || !isElsewhere(run)) {
        return run;
      }
      try {
        return files.mapped(heap);
      } catch (IOException e) {
        // It stays on the heap, says the same, and is tried again when it has been merged.
        LOG.warn(
            "event=field_index_not_mapped bytes={} reason=\"{}\"", heap.heapBytes(), e.toString());
        heap.refuse();
        return heap;
      }
    }
  }
}
