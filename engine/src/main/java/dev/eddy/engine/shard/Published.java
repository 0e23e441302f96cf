package dev.eddy.engine.shard;

import dev.eddy.engine.points.ContentHash;
import dev.eddy.engine.search.ShardView;
import dev.eddy.model.collection.CollectionSpec;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What readers get: one moment and its position.
 *
 * @param view null before Genesis
 */
record Published(
    long position,
    @Nullable CollectionSpec spec,
    @Nullable ShardView view,
    long contentHashFirst,
    long contentHashSecond,
    long ignoredRepeats,
    long brokenChains,
    Map<String, Long> fieldPoints) {
  String contentHash() {
    return ContentHash.hex(contentHashFirst, contentHashSecond);
  }

  boolean tryRetain() {
    return view == null || view.tryRetain();
  }

  void release() {
    if (view != null) {
      view.release();
    }
  }
}
