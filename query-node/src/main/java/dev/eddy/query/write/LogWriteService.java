package dev.eddy.query.write;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.CollectionAdmin;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.Declaration;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.query.ReadToken;
import dev.eddy.model.update.Update;
import dev.eddy.proto.log.LogRecordCodec;
import dev.eddy.query.fanout.Deadline;
import dev.eddy.query.fanout.Floors;
import dev.eddy.query.fanout.Generations;
import dev.eddy.query.fanout.LogEnds;
import dev.eddy.query.fanout.ShardDirectory;
import dev.eddy.query.fanout.Waits;
import dev.eddy.query.metrics.CoreMetrics;
import dev.eddy.query.write.UpdateSplitter.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes into a collection's log: gate, split, append to all shards at once, and, when asked, wait
 * for the verdict.
 */
public final class LogWriteService implements WriteService {
  /** The log gives up within 10 s; this is for a log that does not even do that. */
  private static final Duration APPEND_MAX = Duration.ofSeconds(30);

  /**
   * How long a request is held back at most so that reads need not wait; clients wait five seconds
   * or more.
   */
  private static final Duration HOLD_BACK_MAX = Duration.ofSeconds(2);

  private final Generations generations;
  private final LogAppender log;
  private final LogEnds logEnds;
  private final CollectionAdmin admin;
  private final Floors floors;
  private final UpdateSplitter splitter;
  private final AppliedWait appliedWait;
  private final IndexWait indexWait;
  private final CoreMetrics metrics;
  private final LongSupplier nanoClock;

  /**
   * What it works with.
   *
   * @param threads a virtual thread per task; not closed here
   * @param nanoClock monotonic, in nanoseconds
   */
  public record Surroundings(
      ClusterView view,
      ShardDirectory directory,
      LogAppender log,
      LogEnds logEnds,
      CollectionAdmin admin,
      Floors floors,
      CoreMetrics metrics,
      ExecutorService threads,
      LongSupplier nanoClock) {}

  public LogWriteService(Surroundings surroundings, WriteLimits limits) {
    requireNonNull(limits, "limits");
    generations = new Generations(surroundings.view());
    log = surroundings.log();
    logEnds = surroundings.logEnds();
    admin = surroundings.admin();
    floors = surroundings.floors();
    splitter = new UpdateSplitter(limits);
    appliedWait =
        new AppliedWait(surroundings.view(), surroundings.directory(), surroundings.threads());
    indexWait = new IndexWait(surroundings.view(), surroundings.directory());
    metrics = surroundings.metrics();
    nanoClock = surroundings.nanoClock();
  }

  @Override
  public WriteResult write(String collection, Update update, WriteOptions options) {
    Deadline deadline = Deadline.after(options.timeout(), nanoClock);
    return write(collection, update, options.awaitApplied(), deadline, heldBackUntil(deadline));
  }

  @Override
  public List<WriteResult> writeBatch(
      String collection, List<Update> updates, WriteOptions options) {
    Deadline deadline = Deadline.after(options.timeout(), nanoClock);
    Deadline heldBack = heldBackUntil(deadline);
    List<WriteResult> results = new ArrayList<>(updates.size());
    for (Update update : updates) {
      results.add(write(collection, update, options.awaitApplied(), deadline, heldBack));
    }
    return results;
  }

  private Deadline heldBackUntil(Deadline deadline) {
    return Deadline.after(deadline.remainingUpTo(HOLD_BACK_MAX), nanoClock);
  }

  @Override
  public WriteResult declare(String collection, Declaration declaration, WriteOptions options) {
    Deadline deadline = Deadline.after(options.timeout(), nanoClock);
    Generation generation = generations.resolve(collection);
    admin.update(generation.name(), CollectionChange.of(declaration), deadline.remaining());
    // The change lies below the ends that the logs have now, whoever appended it.
    SortedMap<Integer, List<Long>> last = lastOffsets(collection, generation, deadline);
    WriteResult.Status status = WriteResult.Status.ACKNOWLEDGED;
    if (options.awaitApplied()) {
      status =
          isInEffect(generation, declaration, last, deadline)
              ? WriteResult.Status.COMPLETED
              : WriteResult.Status.WAIT_TIMEOUT;
    }
    return receipt(generation, last, status);
  }

  /** Waits until it is applied, and until an index is read that it declares. */
  private boolean isInEffect(
      Generation generation,
      Declaration declaration,
      SortedMap<Integer, List<Long>> last,
      Deadline deadline) {
    if (!appliedWait.awaitCovered(generation, last, deadline)) {
      return false;
    }
    if (declaration instanceof Declaration.DeclareField field) {
      generations.readToEnd(); // So that the field is known here to be declared.
      return indexWait.await(generation, field, last, deadline);
    }
    return true;
  }

  private SortedMap<Integer, List<Long>> lastOffsets(
      String collection, Generation generation, Deadline deadline) {
    List<CompletableFuture<Long>> ends = new ArrayList<>();
    for (int shard = 0; shard < generation.spec().shardNumber(); shard++) {
      ends.add(logEnds.endOf(generation, shard));
    }
    SortedMap<Integer, List<Long>> last = new TreeMap<>();
    for (int shard = 0; shard < ends.size(); shard++) {
      try {
        last.put(shard, List.of(appended(ends.get(shard), deadline) - 1));
      } catch (RuntimeException e) {
        throw told(collection, generation, e, true);
      }
    }
    return last;
  }

  private WriteResult write(
      String collection,
      Update update,
      boolean awaitApplied,
      Deadline deadline,
      Deadline heldBackUntil) {
    long startedNanos = nanoClock.getAsLong();
    Generation generation = generations.resolve(collection);
    WriteGate.check(generation.spec(), update);
    WrittenBytes.add(update);
    List<Part> parts = splitter.split(update, generation.spec().shardNumber());
    SortedMap<Integer, List<Long>> offsets = new TreeMap<>();
    Iterator<List<Part>> rounds = UpdateSplitter.rounds(update, parts).iterator();
    boolean isEnded = false;
    while (rounds.hasNext() && !isEnded) {
      SortedMap<Integer, List<Long>> round =
          append(collection, generation, rounds.next(), !offsets.isEmpty());
      round.forEach(
          (shard, own) -> offsets.computeIfAbsent(shard, s -> new ArrayList<>(1)).addAll(own));
      isEnded = rounds.hasNext() && isRejected(generation, round, awaitApplied, deadline);
    }
    // An acknowledged write must never be one into a dead generation, however long this thread
    // was held up since it looked; and the replicas to wait for are those of now.
    if (!Generations.isActive(generations.verified(), generation)) {
      throw Generations.missing(collection);
    }
    metrics.writeAcknowledged(nanoClock.getAsLong() - startedNanos);
    WriteResult.Status status = WriteResult.Status.ACKNOWLEDGED;
    if (awaitApplied) {
      boolean isApplied = appliedWait.await(generation, offsets, deadline);
      if (isApplied) {
        metrics.writeVisible(nanoClock.getAsLong() - startedNanos);
      }
      status = isApplied ? WriteResult.Status.COMPLETED : WriteResult.Status.WAIT_TIMEOUT;
    } else if (floors.isReadLately(generation)) {
      holdBack(generation, offsets, heldBackUntil);
    }
    return receipt(generation, offsets, status);
  }

  /**
   * Lets a write wait until it is applied although nobody asked for that. Reads through this node
   * wait for all that it has acknowledged: where more is written than can be applied, it is the
   * writers who wait, and not the readers.
   */
  private void holdBack(
      Generation generation, SortedMap<Integer, List<Long>> offsets, Deadline until) {
    long beganNanos = nanoClock.getAsLong();
    try {
      appliedWait.awaitReadable(generation, offsets, until);
    } catch (RuntimeException e) {
      if (e instanceof EddyException told && told.code() == ErrorCode.NOT_FOUND) {
        throw e;
      }
      // It is in the log, whatever ended the waiting: a stop, or a client that goes away.
    } finally {
      metrics.writeHeldBack(nanoClock.getAsLong() - beganNanos);
    }
  }

  /**
   * Whether a part of an update was refused, so that the rest of it has no effect. Where that can't
   * be learnt in time the rest follows: what is acknowledged is in the log as a whole.
   */
  private boolean isRejected(
      Generation generation,
      SortedMap<Integer, List<Long>> offsets,
      boolean awaitApplied,
      Deadline deadline) {
    try {
      appliedWait.await(generation, offsets, deadline);
      return false;
    } catch (EddyException e) {
      if (awaitApplied || !Generations.isActive(generations.verified(), generation)) {
        throw e;
      }
      // Who doesn't wait isn't told of verdicts.
      return true;
    }
  }

  private SortedMap<Integer, List<Long>> append(
      String collection, Generation generation, List<Part> parts, boolean isContinued) {
    List<byte[]> records = new ArrayList<>(parts.size());
    Update previous = null;
    for (Part part : parts) {
      // What goes to every shard is encoded once.
      records.add(
          part.update() == previous ? records.getLast() : LogRecordCodec.encode(part.update()));
      previous = part.update();
    }
    List<CompletableFuture<Long>> appends = new ArrayList<>(parts.size());
    for (int i = 0; i < parts.size(); i++) {
      appends.add(log.append(generation, parts.get(i).shard(), records.get(i)));
    }
    Deadline deadline = Deadline.after(APPEND_MAX, nanoClock);
    SortedMap<Integer, List<Long>> offsets = new TreeMap<>();
    RuntimeException failure = null;
    for (int i = 0; i < parts.size(); i++) {
      try {
        long offset = appended(appends.get(i), deadline);
        offsets.computeIfAbsent(parts.get(i).shard(), shard -> new ArrayList<>(1)).add(offset);
      } catch (RuntimeException e) {
        failure = worse(failure, e);
      }
    }
    if (failure != null) {
      throw told(collection, generation, failure, isContinued || !offsets.isEmpty());
    }
    return offsets;
  }

  private static long appended(CompletableFuture<Long> append, Deadline deadline) {
    try {
      return append.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new EddyException(ErrorCode.INTERNAL, "Service internal error: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw outcomeUnknown("the log did not answer in time", e);
    } catch (InterruptedException e) {
      Waits.cancelled(e);
      throw outcomeUnknown("the request was cancelled while it was on its way to the log", e);
    }
  }

  /** Of several failures: a dropped log settles it, then what leaves the outcome open. */
  private static RuntimeException worse(@Nullable RuntimeException known, RuntimeException next) {
    if (known == null || next instanceof LogDroppedException) {
      return next;
    }
    boolean isOpen =
        next instanceof EddyException failure && failure.code() == ErrorCode.OUTCOME_UNKNOWN;
    return isOpen && !(known instanceof LogDroppedException) ? next : known;
  }

  private RuntimeException told(
      String collection,
      Generation generation,
      RuntimeException failure,
      boolean isPartlyAppended) {
    if (failure instanceof LogDroppedException) {
      return Generations.isActive(generations.readToEnd(), generation)
          ? new EddyException(
              ErrorCode.UNAVAILABLE,
              "Unavailable: the log of collection `" + collection + "` is gone",
              failure)
          : Generations.missing(collection);
    }
    if (isPartlyAppended
        && !(failure instanceof EddyException known && known.code() == ErrorCode.OUTCOME_UNKNOWN)) {
      return outcomeUnknown("only a part of it is in the log: " + failure.getMessage(), failure);
    }
    return failure;
  }

  private static EddyException outcomeUnknown(String why, Throwable cause) {
    return new EddyException(
        ErrorCode.OUTCOME_UNKNOWN,
        "Service internal error: the write's outcome is unknown, it may be applied: " + why,
        cause);
  }

  private WriteResult receipt(
      Generation generation, SortedMap<Integer, List<Long>> offsets, WriteResult.Status status) {
    long operationId = 0;
    TreeMap<Integer, Long> last = new TreeMap<>();
    for (var entry : offsets.entrySet()) {
      long offset = entry.getValue().getLast();
      floors.raise(generation, entry.getKey(), offset);
      last.put(entry.getKey(), offset);
      operationId = Math.max(operationId, offset);
    }
    return new WriteResult(
        operationId,
        status,
        new ReadToken(generation.collectionId(), generation.generation(), last));
  }
}
