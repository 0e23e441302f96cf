package dev.eddy.engine.segment;

import dev.eddy.engine.format.FileDamage;
import dev.eddy.engine.graph.ScratchPool;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/**
 * What a field borrows from its node and shard.
 *
 * @param buildPool threads that link and merge, shared by all fields of the node
 * @param scratchPool working memory of searches, shared by all fields of the node
 * @param fused when segments get fused codes
 * @param memory of the node: what is optional is given up when it is short
 * @param liveFolder the shard's scratch folder for files between checkpoints; exists, on the
 *     checkpoints' file system
 * @param damage of the shard's files
 */
public record SegmentResources(
    BuildPool buildPool,
    ScratchPool scratchPool,
    FusedPolicy fused,
    MemoryBudget memory,
    Path liveFolder,
    FileDamage damage) {
  /** Runs what the writer is not to wait for; drops tasks once the pool is closed. */
  public Executor background() {
    return task -> {
      var _ = buildPool.submit(task);
    };
  }

  /** The same with another policy. */
  public SegmentResources with(FusedPolicy policy) {
    return new SegmentResources(buildPool, scratchPool, policy, memory, liveFolder, damage);
  }

  /** Resources with the build pool's own scratch. */
  public SegmentResources(
      BuildPool buildPool,
      FusedPolicy fused,
      MemoryBudget memory,
      Path liveFolder,
      FileDamage damage) {
    this(buildPool, buildPool.scratchPool(), fused, memory, liveFolder, damage);
  }

  /** The same where nothing was found damaged. */
  public SegmentResources(
      BuildPool buildPool, FusedPolicy fused, MemoryBudget memory, Path liveFolder) {
    this(buildPool, fused, memory, liveFolder, new FileDamage());
  }

  /** Resources with the build pool's own scratch and memory that is never short. */
  public SegmentResources(BuildPool buildPool, FusedPolicy fused, Path liveFolder) {
    this(buildPool, fused, MemoryBudget.unlimited(), liveFolder);
  }

  /** The same without fused codes. */
  public SegmentResources(BuildPool buildPool, Path liveFolder) {
    this(buildPool, FusedPolicy.none(), liveFolder);
  }
}
