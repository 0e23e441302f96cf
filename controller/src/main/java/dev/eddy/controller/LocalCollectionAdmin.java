package dev.eddy.controller;

import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.CollectionAdmin;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Changes of collections from any query node: by the controller of this node where it has one, else
 * by the node that does. Tries again, until the time is up, while there is no controller; a change
 * that was sent and not answered is never sent twice. Safe from any thread.
 */
final class LocalCollectionAdmin implements CollectionAdmin {
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final LeadingAdmin own;
  private final ClusterView view;
  private final ControllerClient others;
  private final String nodeId;

  LocalCollectionAdmin(LeadingAdmin own, ClusterView view, ControllerClient others, String nodeId) {
    this.own = own;
    this.view = view;
    this.others = others;
    this.nodeId = nodeId;
  }

  @Override
  public void create(String name, CollectionSpec spec, Duration timeout) {
    call(
        timeout,
        (admin, rest) -> {
          admin.create(name, spec, rest);
          return true;
        });
  }

  @Override
  public void update(String name, CollectionChange change, Duration timeout) {
    call(
        timeout,
        (admin, rest) -> {
          admin.update(name, change, rest);
          return true;
        });
  }

  @Override
  public boolean delete(String name, Duration timeout) {
    return call(timeout, (admin, rest) -> admin.delete(name, rest));
  }

  @Override
  public void updateAliases(List<AliasAction> actions, Duration timeout) {
    call(
        timeout,
        (admin, rest) -> {
          admin.updateAliases(actions, rest);
          return true;
        });
  }

  private boolean call(Duration timeout, BiFunction<CollectionAdmin, Duration, Boolean> change) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      Duration rest = Duration.ofNanos(deadline - System.nanoTime());
      Optional<CollectionAdmin> admin = controller();
      if (rest.isPositive() && admin.isPresent()) {
        try {
          return change.apply(admin.get(), rest);
        } catch (EddyException e) {
          if (e.code() != ErrorCode.UNAVAILABLE) {
            throw e;
          }
        }
      }
      if (deadline - System.nanoTime() <= PAUSE.toNanos()) {
        throw new EddyException(
            ErrorCode.UNAVAILABLE,
            "there was no controller within %d ms; nothing was changed"
                .formatted(timeout.toMillis()));
      }
      pause();
    }
  }

  private Optional<CollectionAdmin> controller() {
    if (own.isLeading()) {
      return Optional.of(own);
    }
    return view.state()
        .currentLeader()
        .filter(leader -> !leader.nodeId().equals(nodeId))
        .flatMap(this::address)
        .map(others::at);
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
