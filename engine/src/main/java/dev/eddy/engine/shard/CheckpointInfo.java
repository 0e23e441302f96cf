package dev.eddy.engine.shard;

import java.nio.file.Path;

/**
 * A checkpoint that is durable.
 *
 * @param position next offset to apply
 * @param folder where it is
 * @param lengthBytes of all its files, those it shares with other checkpoints included
 */
public record CheckpointInfo(long position, int leaderEpoch, Path folder, long lengthBytes) {}
