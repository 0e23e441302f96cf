package dev.eddy.engine.shard;

import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.shard.StorageBytes;
import dev.eddy.model.shard.VectorForms;
import java.util.Map;

/**
 * Numbers of a shard at its published position; of background work, as of the last maintenance.
 *
 * @param indexedVectors vectors that graphs reach, over all names
 * @param unlinkedVectors vectors that wait for a graph
 * @param isOptimizing whether vectors and payloads are not yet kept and found as the collection
 *     says: they wait for a graph, or graphs, codes or files are made or made anew, or payloads are
 *     read for an index
 * @param contentHash 32 hexadecimal digits; equal on all replicas at one position
 * @param ignoredRepeats inbox changes without effect because they had had it
 * @param brokenChains inbox changes without effect because one before them is missing
 * @param storage what the points take
 * @param fieldPoints points that have a value of each declared field
 * @param forms by what dense vectors are searched
 * @param memory what the shard holds, in memory and in files
 */
public record ShardStats(
    long position,
    long points,
    long indexedVectors,
    long unlinkedVectors,
    int segments,
    boolean isOptimizing,
    String contentHash,
    long ignoredRepeats,
    long brokenChains,
    StorageBytes storage,
    Map<String, Long> fieldPoints,
    VectorForms forms,
    MemoryUse memory) {}
