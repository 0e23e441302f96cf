package dev.eddy.controller;

import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.Role;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits until the cluster acts upon a decision: every live node that has one of the roles reported
 * a position beyond it, or was silent for 3 s, counted not before the decision. Safe from any
 * thread.
 */
final class Confirmations {
  static final Duration SILENCE = Duration.ofSeconds(3);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private record Waiting(BooleanSupplier condition, CompletableFuture<Void> done) {}

  private final Members members;
  private final Executor background;
  private final List<Waiting> waiting = new CopyOnWriteArrayList<>();

  /**
   * Without anything to wait for.
   *
   * @param background runs what may block
   */
  Confirmations(Members members, Executor background) {
    this.members = members;
    this.background = background;
  }

  /** Completes when the nodes confirmed this position. */
  CompletableFuture<Void> of(long position, Set<Role> roles) {
    Confirmation confirmation = new Confirmation(position, roles);
    CompletableFuture<Void> done = new CompletableFuture<>();
    add(confirmation::isComplete, done);
    background.execute(() -> {
      // Whoever reported before the decision is known from here on; whoever reports for the first
      // time after it reads the metadata to its end before it trusts it.
      boolean isRead = members.readToEnd(LOOK);
      while (!isRead && !done.isDone() && !Thread.currentThread().isInterrupted()) {
        LockSupport.parkNanos(PAUSE.toNanos());
        isRead = members.readToEnd(LOOK);
      }
      if (isRead) {
        confirmation.start();
        check();
      }
    });
    return done;
  }

  /** Completes when the condition holds; it is tried whenever a node reports. */
  CompletableFuture<Void> until(BooleanSupplier condition) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    add(condition, done);
    return done;
  }

  private void add(BooleanSupplier condition, CompletableFuture<Void> done) {
    waiting.add(new Waiting(condition, done));
    check();
  }

  /** Looks at the reports again. */
  void check() {
    for (Waiting each : waiting) {
      if (each.done().isDone() || each.condition().getAsBoolean()) {
        waiting.remove(each);
        each.done().complete(null);
      }
    }
  }

  /** Everything that waits fails. */
  void abandon(RuntimeException reason) {
    for (Waiting each : waiting) {
      waiting.remove(each);
      each.done().completeExceptionally(reason);
    }
  }

  /** One position that is to be confirmed. */
  private final class Confirmation {
    private final long position;
    private final Set<Role> roles;
    private final long decidedNanos;
    private boolean isStarted; // guarded by this
    private final Map<String, Long> missing = new HashMap<>(); // guarded by this; id to incarnation

    Confirmation(long position, Set<Role> roles) {
      this.position = position;
      this.roles = roles;
      this.decidedNanos = members.observedNanos();
    }

    synchronized void start() {
      isStarted = true;
      for (NodeReport report : members.live()) {
        if (report.roles().stream().anyMatch(roles::contains)) {
          missing.put(report.nodeId(), report.incarnation());
        }
      }
    }

    synchronized boolean isComplete() {
      if (!isStarted) {
        return false;
      }
      Map<String, NodeReport> live = new HashMap<>();
      members.live().forEach(report -> live.put(report.nodeId(), report));
      boolean isLate = members.observedNanos() - decidedNanos >= SILENCE.toNanos();
      for (String node : new HashSet<>(missing.keySet())) {
        NodeReport report = live.get(node);
        boolean isSame =
            report != null && report.incarnation() == missing.getOrDefault(node, Long.MIN_VALUE);
        boolean isConfirmed = isSame && report != null && report.metaPosition() >= position;
        if (isConfirmed || (!isSame && isLate)) {
          missing.remove(node);
        }
      }
      return missing.isEmpty();
    }
  }
}
