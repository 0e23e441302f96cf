package dev.eddy.controller;

import dev.eddy.model.cluster.ChangeId;
import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.CollectionAdmin;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.QuotaConfig;
import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes of collections from any query node: by the controller of this node where it has one, else
 * by the node that does. Tries again, until the time is up, while there is no controller, and when
 * the one that was asked died or was succeeded before it answered: the change keeps its id, by
 * which it is carried out once. Safe from any thread.
 */
final class LocalCollectionAdmin implements CollectionAdmin {
  private static final Logger LOG = LoggerFactory.getLogger(LocalCollectionAdmin.class);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final LeadingAdmin own;
  private final ClusterView view;
  private final ControllerClient others;
  private final String nodeId;
  private final ChangeSlots slots;

  LocalCollectionAdmin(
      LeadingAdmin own,
      ClusterView view,
      ControllerClient others,
      String nodeId,
      ChangeSlots slots) {
    this.own = own;
    this.view = view;
    this.others = others;
    this.nodeId = nodeId;
    this.slots = slots;
  }

  @Override
  public void create(String name, CollectionSpec spec, Duration timeout) {
    call(
        Meant.ANY,
        timeout,
        (admin, rest) -> {
          admin.create(name, spec, rest);
          return true;
        });
  }

  @Override
  public void update(String name, CollectionChange change, Duration timeout) {
    Meant meant =
        meant(
            name,
            () -> {
              throw CollectionChanges.unknown(name);
            });
    call(
        meant,
        timeout,
        (admin, rest) -> {
          admin.update(name, change, rest);
          return true;
        });
  }

  @Override
  public boolean delete(String name, Duration timeout) {
    return call(meant(name, () -> false), timeout, (admin, rest) -> admin.delete(name, rest));
  }

  @Override
  public void updateAliases(List<AliasAction> actions, Duration timeout) {
    call(
        Meant.ANY,
        timeout,
        (admin, rest) -> {
          admin.updateAliases(actions, rest);
          return true;
        });
  }

  @Override
  public void setQuotas(QuotaConfig quotas, Duration timeout) {
    call(
        Meant.ANY,
        timeout,
        (admin, rest) -> {
          admin.setQuotas(quotas, rest);
          return true;
        });
  }

  /**
   * The collection that a change is meant for, so that one that was held up for long, in a
   * suspended process for instance, does nothing to another one of the name.
   *
   * @param collection none where there was none, or where it doesn't matter
   * @param whenGone what is answered when it is there no more
   */
  private record Meant(String name, Optional<UUID> collection, BooleanSupplier whenGone) {
    static final Meant ANY = new Meant("", Optional.empty(), () -> false);

    boolean isGone(ClusterState state) {
      return !state.activeNamed(name).map(Generation::collectionId).equals(collection);
    }
  }

  private Meant meant(String name, BooleanSupplier whenGone) {
    return new Meant(name, view.state().activeNamed(name).map(Generation::collectionId), whenGone);
  }

  private boolean call(
      Meant meant, Duration timeout, BiFunction<CollectionAdmin, Duration, Boolean> change) {
    ChangeId id = slots.take();
    try {
      return call(id, meant, timeout, change);
    } finally {
      slots.release(id);
    }
  }

  private boolean call(
      ChangeId id,
      Meant meant,
      Duration timeout,
      BiFunction<CollectionAdmin, Duration, Boolean> change) {
    long deadline = System.nanoTime() + timeout.toNanos();
    EddyException unknown = null;
    while (true) {
      Duration rest = Duration.ofNanos(deadline - System.nanoTime());
      if (rest.isPositive()) {
        try {
          if (isTooLate(id, meant, rest)) {
            return meant.whenGone().getAsBoolean();
          }
          Optional<Boolean> answer = attempt(id, rest, change);
          if (answer.isPresent()) {
            return answer.get();
          }
        } catch (EddyException e) {
          if (e.code() == ErrorCode.OUTCOME_UNKNOWN) {
            unknown = e;
            LOG.info("event=change_repeated id={} reason=\"{}\"", id, e.text());
          } else if (e.code() != ErrorCode.UNAVAILABLE) {
            throw e;
          }
        }
      }
      if (deadline - System.nanoTime() <= PAUSE.toNanos()) {
        throw overdue(timeout, unknown);
      }
      pause();
    }
  }

  /** Whether the collection went before this change was decided. */
  private boolean isTooLate(ChangeId id, Meant meant, Duration rest) {
    if (meant.collection().isEmpty()) {
      return false;
    }
    ClusterState state = view.verified(rest);
    return meant.isGone(state)
        && !Outcome.last(state, id).map(last -> last.id().equals(id)).orElse(false);
  }

  /** Asks whoever decides now; empty if nobody does. */
  private Optional<Boolean> attempt(
      ChangeId id, Duration rest, BiFunction<CollectionAdmin, Duration, Boolean> change) {
    if (own.isLeading()) {
      return Optional.of(change.apply(own.change(id), rest));
    }
    Optional<ClusterState.Leader> leader = otherLeader();
    Optional<String> address = leader.flatMap(this::address);
    if (address.isEmpty()) {
      return Optional.empty();
    }
    CollectionAdmin other = others.at(address.get()).change(id);
    return Optional.of(
        ForwardedChange.send(() -> change.apply(other, rest), () -> otherLeader().equals(leader)));
  }

  private static EddyException overdue(Duration timeout, @Nullable EddyException unknown) {
    if (unknown == null) {
      return new EddyException(
          ErrorCode.UNAVAILABLE,
          "there was no controller within %d ms; nothing was changed"
              .formatted(timeout.toMillis()));
    }
    return new EddyException(
        ErrorCode.OUTCOME_UNKNOWN,
        "no controller said within %d ms what became of the change: %s"
            .formatted(timeout.toMillis(), unknown.text()),
        unknown);
  }

  private Optional<ClusterState.Leader> otherLeader() {
    return view.state().currentLeader().filter(leader -> !leader.nodeId().equals(nodeId));
  }

  private Optional<String> address(ClusterState.Leader leader) {
    return view.liveNodes().stream()
        .filter(report ->
            report.nodeId().equals(leader.nodeId()) && report.incarnation() == leader.incarnation())
        .findFirst()
        .map(NodeReport::peerAddress);
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EddyException(
          ErrorCode.UNAVAILABLE, "interrupted while waiting for a controller", e);
    }
  }
}
