package dev.eddy.engine.field;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has payloads read in the background for the fields that lack an index, or are to have another:
 * all of them at once, one reading after the other. Owned by the writer.
 */
final class IndexReading {
  private static final Logger LOG = LoggerFactory.getLogger(IndexReading.class);
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** All that was read is read again then. */
  private static final long NO_ROOM_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(2);

  private final TermRenewals renewals;
  private final HeapRoom room;
  private final LongSupplier nanoClock;
  private final Executor background;
  private final LongAdder payloadsRead = new LongAdder();
  private @Nullable BaseRead underway;

  /** Why the payloads were not read last time; null when they were. */
  private @Nullable String trouble;

  private long triedNanos;
  private long pauseNanos;

  /**
   * @param renewals of fields that have an index
   * @param room for what is being read
   */
  IndexReading(TermRenewals renewals, HeapRoom room, LongSupplier nanoClock, Executor background) {
    this.renewals = renewals;
    this.room = room;
    this.nanoClock = nanoClock;
    this.background = background;
  }

  /**
   * Takes over what was read, into the fields or in place of them.
   *
   * @return whether something was
   */
  boolean adopt(Map<String, DeclaredField> fields) {
    BaseRead done = underway;
    if (done == null || !done.isDone()) {
      return false;
    }
    underway = null;
    Map<String, BaseRead.Base> bases;
    try {
      bases = done.join();
      trouble = null;
    } catch (CompletionException failed) {
      // Filters are asked of payloads, or of the former index, as before.
      done.end();
      renewals.drop();
      trouble = "payloads were not read: " + failed.getCause();
      triedNanos = nanoClock.getAsLong();
      pauseNanos =
          failed.getCause() instanceof BaseRead.NoRoomException ? NO_ROOM_PAUSE_NANOS : PAUSE_NANOS;
      LOG.warn("event=field_index_failed fields={}", done.fields().keySet(), failed.getCause());
      return false;
    }
    done.fields()
        .forEach((name, field) -> {
          BaseRead.Base base = bases.get(name);
          if (base != null) {
            adopt(fields, name, field, base);
          }
        });
    return true;
  }

  private void adopt(
      Map<String, DeclaredField> fields, String name, DeclaredField read, BaseRead.Base base) {
    DeclaredField present = fields.get(name);
    if (present == read) {
      read.addBase(base);
    } else if (present != null) {
      DeclaredField successor = renewals.take(name, read, base, present);
      if (successor != null) {
        fields.put(name, successor);
        present.close();
      }
    }
  }

  /**
   * Starts, if there is something to read and it is time.
   *
   * @param points of the shard
   * @param members that fields are in
   * @param payloads of now; asked for when they are to be read, and closed
   */
  void start(
      Map<String, DeclaredField> fields,
      int points,
      Set<String> members,
      Function<DeclaredField, RunHome> home,
      Supplier<StoredPayloads> payloads) {
    if (underway != null || (trouble != null && nanoClock.getAsLong() - triedNanos < pauseNanos)) {
      return;
    }
    renewals.begin(fields, points, home);
    Map<String, DeclaredField> unread = new TreeMap<>(renewals.fields());
    fields.forEach((name, field) -> {
      if (!field.isReady()) {
        unread.put(name, field);
      }
    });
    if (unread.isEmpty()) {
      return;
    }
    // What is pending is older than the payloads are, and would not be told from what is newer.
    unread.values().forEach(DeclaredField::startOver);
    underway = new BaseRead(unread, members, payloads.get(), payloadsRead, room, background);
  }

  boolean isGoingOn() {
    return underway != null;
  }

  /** Why payloads can't be read for now; empty when nothing failed. */
  Optional<String> problem() {
    return Optional.ofNullable(trouble);
  }

  /** Payloads that were read, since the start. Safe from any thread. */
  long payloadsRead() {
    return payloadsRead.sum();
  }

  /** Ends what is under way; when this returns, no payloads are held. */
  void end() {
    if (underway != null) {
      underway.end();
      underway = null;
    }
  }
}
