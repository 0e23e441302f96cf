package dev.eddy.query.write;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.Placement;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardService;
import dev.eddy.model.shard.ShardService.AwaitRequest;
import dev.eddy.model.shard.ShardService.AwaitResponse;
import dev.eddy.model.update.Verdict;
import dev.eddy.query.fanout.Deadline;
import dev.eddy.query.fanout.ShardDirectory;
import dev.eddy.query.fanout.Waits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Waits until appended updates are applied at every replica that a reader may ask, and learns their
 * verdicts. The set of replicas is read after the append was acknowledged.
 */
final class AppliedWait {
  private final ReplicaWait replicas;
  private final ShardDirectory directory;
  private final ExecutorService threads;

  AppliedWait(ClusterView view, ShardDirectory directory, ExecutorService threads) {
    this.replicas = new ReplicaWait(view);
    this.directory = requireNonNull(directory, "directory");
    this.threads = requireNonNull(threads, "threads");
  }

  /**
   * Waits.
   *
   * @param offsets per shard, those whose verdicts are wanted, ascending
   * @return true when all are applied; false when the time ran out or a verdict is forgotten
   * @throws EddyException the first rejection, or NOT_FOUND when the collection is dropped
   */
  boolean await(Generation generation, SortedMap<Integer, List<Long>> offsets, Deadline deadline) {
    return await(generation, offsets, deadline, Purpose.VERDICTS);
  }

  /**
   * Waits until the offsets are applied, whatever was decided on them.
   *
   * @return true when they are, false when the time ran out
   * @throws EddyException NOT_FOUND when the collection is dropped
   */
  boolean awaitCovered(
      Generation generation, SortedMap<Integer, List<Long>> offsets, Deadline deadline) {
    return await(generation, offsets, deadline, Purpose.COVERAGE);
  }

  /**
   * Waits until reads need not wait for the offsets: replicas that nobody reads yet or any more are
   * left alone.
   *
   * @return true when they need not, false when the time ran out
   * @throws EddyException NOT_FOUND when the collection is dropped
   */
  boolean awaitReadable(
      Generation generation, SortedMap<Integer, List<Long>> offsets, Deadline deadline) {
    return await(generation, offsets, deadline, Purpose.READERS);
  }

  /** What one waits for. */
  private enum Purpose {
    VERDICTS,
    COVERAGE,
    READERS;

    boolean isFor(Placement.ReplicaState state) {
      return this == READERS ? state == Placement.ReplicaState.READING : isCovering(state);
    }
  }

  /** Whether what is acknowledged as applied is applied at a replica in this state. */
  static boolean isCovering(Placement.ReplicaState state) {
    return state != Placement.ReplicaState.CATCHING_UP;
  }

  private boolean await(
      Generation generation,
      SortedMap<Integer, List<Long>> offsets,
      Deadline deadline,
      Purpose purpose) {
    if (offsets.size() == 1) {
      var only = offsets.firstEntry();
      return awaitShard(generation, only.getKey(), only.getValue(), deadline, purpose);
    }
    List<Future<Boolean>> waits = new ArrayList<>(offsets.size());
    offsets.forEach((shard, wanted) ->
        waits.add(threads.submit(() -> awaitShard(generation, shard, wanted, deadline, purpose))));
    boolean isApplied = true;
    RuntimeException failure = null;
    for (Future<Boolean> wait : waits) {
      try {
        isApplied &= Waits.join(wait);
      } catch (RuntimeException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return isApplied;
  }

  private boolean awaitShard(
      Generation generation, int shard, List<Long> offsets, Deadline deadline, Purpose purpose) {
    Map<Long, Verdict> verdicts = new HashMap<>();
    ReplicaWait.Round round =
        (_, pending) -> {
          List<String> done = new ArrayList<>(pending.size());
          for (AwaitAnswer answer : ask(generation, shard, offsets, pending, deadline)) {
            done.add(answer.nodeId());
            verdicts.putAll(answer.response().verdicts());
          }
          return done;
        };
    boolean mayBeNone = purpose == Purpose.READERS;
    return replicas.await(generation, shard, purpose::isFor, mayBeNone, round, deadline)
        && (purpose != Purpose.VERDICTS || isApplied(offsets, verdicts));
  }

  private record AwaitAnswer(String nodeId, AwaitResponse response) {}

  private List<AwaitAnswer> ask(
      Generation generation, int shard, List<Long> offsets, List<String> nodes, Deadline deadline) {
    AwaitRequest request =
        new AwaitRequest(
            generation.shard(shard), offsets, deadline.remainingUpTo(ReplicaWait.SLICE));
    if (nodes.size() == 1) {
      return askOne(nodes.getFirst(), request).map(List::of).orElse(List.of());
    }
    List<Future<Optional<AwaitAnswer>>> asked = new ArrayList<>(nodes.size());
    for (String node : nodes) {
      asked.add(threads.submit(() -> askOne(node, request)));
    }
    List<AwaitAnswer> answers = new ArrayList<>(nodes.size());
    for (Future<Optional<AwaitAnswer>> future : asked) {
      Waits.join(future).ifPresent(answers::add);
    }
    return answers;
  }

  /** Empty when the replica has not come so far yet, or does not answer. */
  private Optional<AwaitAnswer> askOne(String nodeId, AwaitRequest request) {
    Optional<ShardService> service = directory.find(nodeId);
    if (service.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new AwaitAnswer(nodeId, service.get().awaitApplied(request)));
    } catch (ShardException e) {
      return Optional.empty();
    }
  }

  private static boolean isApplied(List<Long> offsets, Map<Long, Verdict> verdicts) {
    boolean isKnown = true;
    for (long offset : offsets) {
      Verdict verdict = verdicts.get(offset);
      if (verdict instanceof Verdict.Rejected rejected) {
        throw rejected.exception();
      }
      isKnown &= verdict != null;
    }
    return isKnown;
  }
}
