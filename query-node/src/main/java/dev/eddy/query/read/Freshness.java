package dev.eddy.query.read;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.cluster.Generation;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.query.ReadOptions;
import dev.eddy.model.query.ReadToken;
import dev.eddy.query.fanout.Deadline;
import dev.eddy.query.fanout.Floors;
import dev.eddy.query.fanout.Generations;
import dev.eddy.query.fanout.LogEnds;
import dev.eddy.query.fanout.ReadScope;
import dev.eddy.query.fanout.Waits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * How new an answer must be: what this node has answered for, what the reader's token says, and the
 * log's end where the reader asks for all there is.
 */
final class Freshness {
  private final Generations generations;
  private final Floors floors;
  private final LogEnds logEnds;
  private final LongSupplier nanoClock;

  Freshness(Generations generations, Floors floors, LogEnds logEnds, LongSupplier nanoClock) {
    this.generations = requireNonNull(generations, "generations");
    this.floors = requireNonNull(floors, "floors");
    this.logEnds = requireNonNull(logEnds, "logEnds");
    this.nanoClock = requireNonNull(nanoClock, "nanoClock");
  }

  /** The scope of one read of a collection, by name or alias. */
  ReadScope scope(String collection, ReadOptions options) {
    Deadline deadline = Deadline.after(options.timeout(), nanoClock);
    ReadToken token = options.token();
    Generation generation =
        token == null ? generations.resolve(collection) : generations.resolve(collection, token);
    floors.noteRead(generation);
    long[] positions = new long[generation.spec().shardNumber()];
    for (int shard = 0; shard < positions.length; shard++) {
      positions[shard] = floors.position(generation, shard);
    }
    if (token != null) {
      raiseTo(token, positions);
    }
    if (options.strong()) {
      raiseToEnd(generation, positions, deadline);
    }
    return new ReadScope(generation, positions, deadline);
  }

  private static void raiseTo(ReadToken token, long[] positions) {
    for (Map.Entry<Integer, Long> entry : token.offsets().entrySet()) {
      int shard = entry.getKey();
      if (shard < 0 || shard >= positions.length || entry.getValue() < 0) {
        throw EddyException.badRequest(
            "Eddy-Token names shard " + shard + ", which does not exist");
      }
      positions[shard] = Math.max(positions[shard], entry.getValue() + 1);
    }
  }

  private void raiseToEnd(Generation generation, long[] positions, Deadline deadline) {
    List<CompletableFuture<Long>> ends = new ArrayList<>(positions.length);
    for (int shard = 0; shard < positions.length; shard++) {
      ends.add(logEnds.endOf(generation, shard));
    }
    for (int shard = 0; shard < positions.length; shard++) {
      positions[shard] = Math.max(positions[shard], end(ends.get(shard), shard, deadline));
    }
  }

  private static long end(CompletableFuture<Long> end, int shard, Deadline deadline) {
    try {
      return end.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new EddyException(
          ErrorCode.TIMEOUT, "Timeout: the log end of shard " + shard + " did not come in time", e);
    } catch (ExecutionException e) {
      throw new EddyException(
          ErrorCode.UNAVAILABLE,
          "Unavailable: the log end of shard " + shard + " is not known: " + e.getCause(),
          e);
    } catch (InterruptedException e) {
      throw Waits.cancelled(e);
    }
  }
}
