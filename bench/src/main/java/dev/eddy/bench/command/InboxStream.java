package dev.eddy.bench.command;

import dev.eddy.bench.data.VectorSet;
import dev.eddy.bench.wire.Inbox;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** New points produced to the inbox at a fixed rate, some of them watched. Not thread-safe. */
final class InboxStream {
  private final Inbox inbox;
  private final String collection;
  private final VectorSet set;
  private final long firstId;
  private final int perSecond;
  private final int watchedEvery;
  private final @Nullable InboxWatch watch;
  private int produced;

  /**
   * A stream whose ids count up from the first.
   *
   * @param watchedEvery of so many points one is watched
   * @param watch null = none is
   */
  InboxStream(
      Inbox inbox,
      String collection,
      VectorSet set,
      long firstId,
      int perSecond,
      int watchedEvery,
      @Nullable InboxWatch watch) {
    this.inbox = inbox;
    this.collection = collection;
    this.set = set;
    this.firstId = firstId;
    this.perSecond = perSecond;
    this.watchedEvery = watchedEvery;
    this.watch = watch;
  }

  /** Produces while the condition holds, at most this many points. */
  void run(int most, BooleanSupplier goOn) {
    long start = System.nanoTime();
    for (int i = 0; i < most && goOn.getAsBoolean(); i++) {
      long due = start + i * 1_000_000_000L / perSecond;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      long id = firstId + produced;
      Inbox.Envelope envelope =
          Inbox.envelope(collection, id, set.base().row(produced % set.rows()));
      if (watch != null && produced % watchedEvery == 0) {
        watch.expect(id, due);
      }
      inbox.send(envelope);
      produced++;
    }
  }

  /** Points produced so far. */
  int produced() {
    return produced;
  }
}
