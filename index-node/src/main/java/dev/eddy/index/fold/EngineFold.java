package dev.eddy.index.fold;

import dev.eddy.engine.shard.EngineResources;
import dev.eddy.engine.shard.LogMismatchException;
import dev.eddy.engine.shard.Shard;
import dev.eddy.engine.shard.ShardCheckpoint;
import dev.eddy.engine.shard.ShardSettings;
import dev.eddy.engine.shard.ShardStats;
import dev.eddy.engine.shard.ShardSummary;
import dev.eddy.engine.shard.VerdictAnswer;
import dev.eddy.index.host.ReadLease;
import dev.eddy.index.host.ShardFold;
import dev.eddy.model.update.BrokenChain;
import dev.eddy.model.update.Update;
import dev.eddy.model.update.Verdict;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** An engine's shard as a fold. */
public final class EngineFold implements ShardFold {
  private final Shard shard;

  private EngineFold(Shard shard) {
    this.shard = shard;
  }

  /** Opens engine shards that share the resources. */
  public static Opener opener(EngineResources resources, ShardSettings settings) {
    return (id, logTopicId, folder) -> {
      try {
        return new EngineFold(Shard.open(id, logTopicId, folder, resources, settings));
      } catch (LogMismatchException e) {
        throw new WrongLogException(String.valueOf(e.getMessage()), e);
      }
    };
  }

  @Override
  public long position() {
    return shard.position();
  }

  @Override
  public int leaderEpoch() {
    return shard.leaderEpoch();
  }

  @Override
  public Verdict apply(long offset, Update update) {
    return shard.apply(offset, update);
  }

  @Override
  public void advance(long position, int leaderEpoch) {
    shard.advance(position, leaderEpoch);
  }

  @Override
  public void publish() {
    shard.publish();
  }

  @Override
  public boolean isWritable() {
    return shard.isWritable();
  }

  @Override
  public Optional<String> problem() {
    return shard.problem();
  }

  @Override
  public Optional<String> delay() {
    return shard.delay();
  }

  @Override
  public boolean maintain() {
    return shard.maintain();
  }

  @Override
  public boolean isMaintenanceDue() {
    return shard.isMaintenanceDue();
  }

  @Override
  public FoldCheckpoint beginCheckpoint(boolean isFinal) throws IOException {
    return new EngineCheckpoint(shard.beginCheckpoint(isFinal));
  }

  @Override
  public boolean hasUnsavedWork(boolean isFinal) {
    return shard.hasUnsavedWork(isFinal);
  }

  @Override
  public ReadLease lease() {
    return new EngineLease(shard.lease());
  }

  @Override
  public Optional<Verdict> verdictAt(long offset) {
    return shard.verdictAt(offset) instanceof VerdictAnswer.Known known
        ? Optional.of(known.verdict())
        : Optional.empty();
  }

  @Override
  public Summary summary() {
    ShardSummary summary = shard.summary();
    return new Summary(summary.position(), summary.points(), summary.contentHash());
  }

  @Override
  public Stats stats() {
    ShardStats stats = shard.stats();
    return new Stats(
        stats.position(),
        stats.points(),
        stats.indexedVectors(),
        stats.segments(),
        stats.isOptimizing(),
        stats.contentHash(),
        stats.ignoredRepeats(),
        stats.brokenChains(),
        stats.storage(),
        stats.fieldPoints(),
        stats.forms(),
        stats.memory());
  }

  @Override
  public List<BrokenChain> takeBrokenChains() {
    return shard.takeBrokenChains();
  }

  @Override
  public void close() {
    shard.close();
  }

  private record EngineCheckpoint(ShardCheckpoint checkpoint) implements FoldCheckpoint {
    @Override
    public long position() {
      return checkpoint.position();
    }

    @Override
    public void write() throws IOException {
      var _ = checkpoint.write();
    }

    @Override
    public void close() {
      checkpoint.close();
    }
  }
}
