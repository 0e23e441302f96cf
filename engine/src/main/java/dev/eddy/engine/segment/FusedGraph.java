package dev.eddy.engine.segment;

import dev.eddy.engine.graph.NeighborBlocks;
import dev.eddy.engine.quantization.RowCodes;

/**
 * The speed form of a segment's graph.
 *
 * @param codes of all rows
 * @param blocks of all linked nodes
 */
record FusedGraph(RowCodes codes, NeighborBlocks blocks) {}
