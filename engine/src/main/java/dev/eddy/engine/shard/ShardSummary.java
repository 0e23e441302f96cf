package dev.eddy.engine.shard;

/**
 * What is told of a shard to other nodes, at its published position.
 *
 * @param contentHash 32 hexadecimal digits; equal on all replicas at one position
 */
public record ShardSummary(long position, long points, String contentHash) {}
