package dev.eddy.engine.segment;

import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.shard.VectorForms;

/**
 * Numbers about a field at one moment.
 *
 * @param rows rows of all segments, dead ones included
 * @param deadRows rows noted dead and not dropped yet
 * @param linkedRows rows that graphs reach
 * @param unlinkedRows rows that wait for linking (0 for segments small enough to be scanned)
 * @param segments segments that hold rows
 * @param dataBytes what the live vectors' numbers take
 * @param forms by what rows are searched
 * @param memory heap, and the field's files in the live folder
 * @param optionalBytes of that heap what the node's memory has counted already: what only makes
 *     searches faster, and what a rebuild reserved
 */
public record VectorFieldStats(
    long rows,
    long deadRows,
    long linkedRows,
    long unlinkedRows,
    int segments,
    long dataBytes,
    VectorForms forms,
    MemoryUse memory,
    long optionalBytes) {
  /** Bytes of the field's files in the live folder. */
  public long fileBytes() {
    return memory.fileBytes();
  }
}
