package dev.eddy.index.host;

import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.shard.StorageBytes;
import dev.eddy.model.shard.VectorForms;
import dev.eddy.model.update.BrokenChain;
import dev.eddy.model.update.Update;
import dev.eddy.model.update.Verdict;
import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The state of one shard as its runtime sees it: the engine's shard, or a small one in tests.
 *
 * <p>Threading: one thread at a time changes it; {@link #lease}, {@link #verdictAt}, {@link #stats}
 * and {@link #summary} are safe from any thread.
 */
public interface ShardFold extends AutoCloseable {

  /** Next offset to apply, whether published or not. */
  long position();

  /** Epoch kept with the position, -1 if unknown. */
  int leaderEpoch();

  Verdict apply(long offset, Update update);

  /** Everything below the position is covered, records or not. */
  void advance(long position, int leaderEpoch);

  /** Makes what was applied visible to new leases. */
  void publish();

  /**
   * Whether the disk takes what was applied; while it does not, nothing may be applied or
   * published. For the writer.
   */
  boolean isWritable();

  /** What the disk does not let background work get done; safe from any thread. */
  Optional<String> problem();

  /** What background work has put off until there is memory for it; safe from any thread. */
  Optional<String> delay();

  /**
   * Takes over finished background work and starts what is due.
   *
   * @return whether background work goes on, so that this has to be called again soon
   */
  boolean maintain();

  /**
   * Whether {@link #maintain} should be called at once though nothing was applied, for what others
   * on the node did. Safe from any thread, also after {@link #close}; cheap.
   */
  boolean isMaintenanceDue();

  /**
   * Takes what a checkpoint of the present position holds, to be written while the fold goes on.
   * Short. At most one is open at a time.
   *
   * @param isFinal whether the fold closes next: then everything is saved, also what could be
   *     computed again
   * @throws IOException when the disk refuses; nothing is changed
   */
  FoldCheckpoint beginCheckpoint(boolean isFinal) throws IOException;

  /** Whether a checkpoint would save more than the last one did, though nothing was applied. */
  boolean hasUnsavedWork(boolean isFinal);

  /** A fold at one position, to be written by any one thread. */
  interface FoldCheckpoint extends AutoCloseable {
    long position();

    /** Writes everything durably; a failure changes nothing. */
    void write() throws IOException;

    @Override
    void close();
  }

  ReadLease lease();

  /** What was decided at an offset; empty when that is not known any more. */
  Optional<Verdict> verdictAt(long offset);

  Stats stats();

  /** The few of {@link #stats} that other nodes are told all the time; cheap. */
  Summary summary();

  /** Chains found broken since the last call. */
  List<BrokenChain> takeBrokenChains();

  /** Releases files and memory without a checkpoint. No lease may be out. */
  @Override
  void close();

  /** Numbers of the published state, which is the one at the position. */
  record Stats(
      long position,
      long points,
      long indexedVectors,
      int segments,
      boolean optimizing,
      String contentHash,
      long ignoredRepeats,
      long brokenChains,
      StorageBytes storage,
      Map<String, Long> fieldPoints,
      VectorForms forms,
      MemoryUse memory) {}

  /** What other nodes are told of the published state. */
  record Summary(long position, long points, String contentHash) {}

  /** Opens a shard's state from its folder, or an empty one. */
  @FunctionalInterface
  interface Opener {
    /**
     * The newest sound state below the folder.
     *
     * @throws WrongLogException when the folder belongs to another log
     */
    ShardFold open(ShardId shard, UUID logTopicId, Path folder) throws IOException;
  }

  /** A shard's folder was written from another log topic than the one it should follow. */
  final class WrongLogException extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    public WrongLogException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
