package dev.eddy.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.cluster.ChangeId;
import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.ClusterState.Leader;
import dev.eddy.model.cluster.CollectionAdmin;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.InboxEnds;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.QuotaConfig;
import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.testkit.SetView;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class LocalCollectionAdminTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final Queue<ErrorCode> failures = new ArrayDeque<>();
  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
  private final List<ChangeId> ids = Collections.synchronizedList(new ArrayList<>());
  private volatile Consumer<String> onCall = address -> {};
  private final FixedView view = new FixedView();
  private final LocalCollectionAdmin admin =
      new LocalCollectionAdmin(
          new LeadingAdmin(Optional::empty), view, new Others(), "n1", new ChangeSlots("n1", 5));

  @Test
  void aChangeGoesToTheNodeThatLeads() {
    assertThat(admin.delete("words", LONG)).isTrue();

    assertThat(calls).containsExactly("h:7 words");
  }

  @Test
  void aChangeThatWasNotBegunIsTriedAgain() {
    failures.add(ErrorCode.UNAVAILABLE);
    failures.add(ErrorCode.UNAVAILABLE);

    assertThat(admin.delete("words", LONG)).isTrue();
    assertThat(calls).hasSize(3);
  }

  @Test
  void aChangeOfUnknownOutcomeIsAskedForAgainByItsId() {
    failures.add(ErrorCode.OUTCOME_UNKNOWN);
    failures.add(ErrorCode.UNAVAILABLE);

    assertThat(admin.delete("words", LONG)).isTrue();
    assertThat(ids).hasSize(3).containsOnly(new ChangeId("n1", 5, 0, 1));
  }

  @Test
  void everyChangeHasAnIdOfItsOwn() {
    admin.delete("words", LONG);
    admin.delete("words", LONG);

    assertThat(ids).containsExactly(new ChangeId("n1", 5, 0, 1), new ChangeId("n1", 5, 0, 2));
  }

  @Test
  void aChangeThatNobodyAnswersInTimeIsOfUnknownOutcome() {
    for (int i = 0; i < 1_000; i++) {
      failures.add(i == 0 ? ErrorCode.OUTCOME_UNKNOWN : ErrorCode.UNAVAILABLE);
    }

    assertThatThrownBy(() -> admin.delete("words", Duration.ofMillis(60)))
        .isInstanceOfSatisfying(
            EddyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN))
        .hasMessage("no controller said within 60 ms what became of the change: as told");
  }

  @Test
  void aChangeSentToASuspendedControllerGoesToItsSuccessor() {
    CountDownLatch never = new CountDownLatch(1);
    onCall =
        address -> {
          if (address.equals("h:7")) {
            view.leader = new Leader(4, "n3", 1, 11);
            await(never);
          }
        };

    assertThat(admin.delete("words", LONG)).isTrue();
    assertThat(calls).containsExactly("h:7 words", "h:8 words");
    assertThat(ids).containsOnly(new ChangeId("n1", 5, 0, 1));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new EddyException(ErrorCode.OUTCOME_UNKNOWN, "given up", e);
    }
  }

  @Test
  void aDropThatWasHeldUpSparesTheNextCollectionOfTheName() {
    view.generations = Map.of("words", List.of(generation(1)));
    failures.add(ErrorCode.OUTCOME_UNKNOWN);
    onCall = address -> view.generations = Map.of("words", List.of(generation(2)));

    assertThat(admin.delete("words", LONG)).isFalse();
    assertThat(calls).hasSize(1);
  }

  @Test
  void aChangeThatWasHeldUpSparesTheNextCollectionOfTheName() {
    view.generations = Map.of("words", List.of(generation(1)));
    failures.add(ErrorCode.OUTCOME_UNKNOWN);
    onCall = address -> view.generations = Map.of("words", List.of(generation(2)));

    assertThatThrownBy(() -> admin.update("words", RecordedChangesTest.CHANGE, LONG))
        .isInstanceOfSatisfying(
            EddyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    assertThat(calls).hasSize(1);
  }

  @Test
  void aDropThatWasDecidedIsAskedForAgainThoughAnotherCollectionHasTheName() {
    view.generations = Map.of("words", List.of(generation(1)));
    failures.add(ErrorCode.OUTCOME_UNKNOWN);
    onCall =
        address -> {
          view.generations = Map.of("words", List.of(generation(2)));
          view.notes = Map.of("change/n1/0", "5 1 done");
        };

    assertThat(admin.delete("words", LONG)).isTrue();
    assertThat(calls).hasSize(2);
  }

  private static Generation generation(int number) {
    return new Generation(
        new UUID(8, number),
        "words",
        number,
        Generation.State.ACTIVE,
        CollectionSpec.of(Map.of("", VectorParams.of(2, Distance.DOT))),
        "words.g" + number,
        new UUID(9, number),
        new InboxEnds(new UUID(6, 6), List.of(0L)),
        null,
        7);
  }

  @Test
  void withoutAControllerNothingIsChanged() {
    view.leader = null;

    assertThatThrownBy(() -> admin.delete("words", Duration.ofMillis(60)))
        .isInstanceOfSatisfying(
            EddyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .hasMessage("there was no controller within 60 ms; nothing was changed");
    assertThat(calls).isEmpty();
  }

  @Test
  void aLeaderOfAnEarlierLifeIsNotAsked() {
    view.leader = new Leader(3, "n2", 1, 9);

    assertThatThrownBy(() -> admin.delete("words", Duration.ofMillis(60)))
        .isInstanceOf(EddyException.class);
    assertThat(calls).isEmpty();
  }

  private final class Others implements ControllerClient {
    @Override
    public Controller at(String address) {
      return id -> new Remote(address, id);
    }

    @Override
    public void close() {}
  }

  private final class Remote implements CollectionAdmin {
    private final String address;
    private final ChangeId id;

    Remote(String address, ChangeId id) {
      this.address = address;
      this.id = id;
    }

    @Override
    public void create(String name, CollectionSpec spec, Duration timeout) {
      delete(name, timeout);
    }

    @Override
    public void update(String name, CollectionChange change, Duration timeout) {
      delete(name, timeout);
    }

    @Override
    public boolean delete(String name, Duration timeout) {
      calls.add(address + " " + name);
      ids.add(id);
      onCall.accept(address);
      ErrorCode failure = failures.poll();
      if (failure != null) {
        throw new EddyException(failure, "as told");
      }
      return true;
    }

    @Override
    public void updateAliases(List<AliasAction> actions, Duration timeout) {
      delete("aliases", timeout);
    }

    @Override
    public void setQuotas(QuotaConfig quotas, Duration timeout) {
      delete("quotas", timeout);
    }
  }

  /** Node n2, in its second life, is alive and leads; n3 is alive, too. */
  private static final class FixedView extends SetView {
    private volatile Map<String, List<Generation>> generations = Map.of();
    private volatile Map<String, String> notes = Map.of();
    private volatile @org.jspecify.annotations.Nullable Leader leader = new Leader(3, "n2", 2, 9);

    FixedView() {
      reports(List.of(report("n2", 2, "h:7"), report("n3", 1, "h:8")));
    }

    @Override
    public ClusterState state() {
      return new ClusterState(
          generations, Map.of(), Map.of(), Map.of(), leader, notes, QuotaConfig.NONE, 10);
    }

    private static NodeReport report(String nodeId, long incarnation, String address) {
      return new NodeReport(
          nodeId, incarnation, Set.of(NodeReport.Role.QUERY), null, address, 10, List.of(), null);
    }
  }
}
