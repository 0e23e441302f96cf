package dev.eddy.engine.segment;

import dev.eddy.engine.format.CheckedRecords;
import dev.eddy.engine.graph.HeapLinks;
import dev.eddy.engine.graph.HeapRows;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that a heap segment goes on from after a restart. What searches have not asked for is
 * brought to the heap in the background; then the files matter no more. Owned by the writer.
 */
final class RestoredFiles {
  private static final Logger log = LoggerFactory.getLogger(RestoredFiles.class);

  private final HeapRows rows;
  private final @Nullable HeapLinks links;
  private List<CheckedRecords> records;
  private @Nullable SlicedWork<Boolean> loading;

  /**
   * @param records what may be found damaged when it is read
   */
  RestoredFiles(HeapRows rows, @Nullable HeapLinks links, List<CheckedRecords> records) {
    this.rows = rows;
    this.links = links;
    this.records = records;
  }

  /**
   * Starts what is due and takes over what is done.
   *
   * @param segment that has the rows and links
   * @throws java.io.UncheckedIOException when damage was found
   */
  void maintain(BuildPool pool, Segment segment) {
    if (records.isEmpty()) {
      return;
    }
    records.forEach(CheckedRecords::throwDamage);
    if (loading == null) {
      loading = SlicedWork.start(pool, segment, new Loading());
    } else if (loading.isDone()) {
      end(loading);
    }
  }

  private void end(SlicedWork<Boolean> done) {
    try {
      var _ = done.join();
      records = List.of();
    } catch (CompletionException failure) {
      records.forEach(CheckedRecords::throwDamage);
      records = List.of(); // Who needs a part reads it.
      log.warn("event=rows-not-read-ahead rows={}", rows.count(), failure.getCause());
    }
  }

  /** Ends the background work; what is in files alone is still read by who needs it. */
  void stop() {
    if (loading != null) {
      var _ = loading.cancel();
    }
  }

  /** Links first: the walk that needs a row has read some before. */
  private final class Loading implements SlicedWork.Slices<Boolean> {
    private int part;
    private int slab;

    @Override
    public @Nullable Boolean next() {
      if (links != null && part < links.partCount()) {
        links.load(part++);
        return null;
      }
      if (slab < rows.slabCount()) {
        rows.load(slab++);
        return null;
      }
      rows.loadAll();
      return Boolean.TRUE;
    }
  }
}
