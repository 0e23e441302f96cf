package dev.eddy.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.controller.World.Seat;
import dev.eddy.model.cluster.ChangeId;
import dev.eddy.model.cluster.CollectionAdmin.AliasAction;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.NodeReport.Role;
import dev.eddy.model.cluster.QuotaConfig;
import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A change is asked for again, of the same controller and of its successor. */
class RecordedChangesTest {
  private static final int STEPS_MAX = 16;
  private static final CollectionSpec SPEC =
      CollectionSpec.of(Map.of("", VectorParams.of(4, Distance.DOT))).distributed(2, 2);
  static final CollectionChange CHANGE =
      new CollectionChange(Map.of(), null, null, 7, null, null, null, null, null, null);

  private final World world = new World();
  private final ChangeSlots slots = new ChangeSlots("q1", 1);

  RecordedChangesTest() {
    world.addNode("q1", Role.QUERY);
    world.addNode("i1", Role.INDEX);
    world.addNode("i2", Role.INDEX);
  }

  private ChangeId id() {
    return slots.take();
  }

  @Test
  void aChangeThatDiedAtAnyStepIsCarriedOutOnceByWhoeverIsAskedNext() {
    for (int step = 0; step < STEPS_MAX; step++) {
      String name = "c" + step;
      assertThat(diesAndIsAskedAgain(step, (seat, id) -> seat.recorded.create(id, name, SPEC)))
          .isTrue();
      assertThat(world.state().generations().get(name)).as("step %d", step).hasSize(1);
      assertThat(diesAndIsAskedAgain(step, (seat, id) -> seat.recorded.update(id, name, CHANGE)))
          .isTrue();
      Generation changed = world.state().activeNamed(name).orElseThrow();
      assertThat(changed.spec().replicationFactor()).as("step %d", step).isEqualTo(7);
      assertThat(changed.configuring()).as("step %d", step).isFalse();
      assertThat(diesAndIsAskedAgain(step, (seat, id) -> seat.recorded.drop(id, name)))
          .as("dropped, step %d", step)
          .isTrue();
      assertThat(world.state().activeNamed(name)).as("step %d", step).isEmpty();
    }
  }

  private interface Call {
    CompletableFuture<Boolean> of(Seat seat, ChangeId id);
  }

  private boolean diesAndIsAskedAgain(int step, Call call) {
    ChangeId id = id();
    Seat first = world.elect("first");
    first.dieAt(step);
    try {
      CompletableFuture<Boolean> lost = call.of(first, id);
      assertThat(lost).isNotNull();
    } catch (World.Crash | DeposedException | EddyException e) {
      // It died.
    }
    Seat next = world.elect("next");
    next.changes.completeUnfinished();
    next.changes.collectOrphans();
    boolean answer = call.of(next, id).join();
    slots.release(id);
    return answer;
  }

  @Test
  void aRepeatedDropSparesTheNextCollectionOfTheName() {
    Seat seat = world.elect("first");
    seat.recorded.create(id(), "c", SPEC);
    ChangeId drop = id();
    seat.recorded.drop(drop, "c");
    Seat next = world.elect("next");
    next.recorded.create(id(), "c", SPEC);

    assertThat(next.recorded.drop(drop, "c").join()).isTrue();
    assertThat(world.state().activeNamed("c").orElseThrow().generation()).isEqualTo(2);
  }

  @Test
  void whatWasRefusedStaysRefused() {
    Seat seat = world.elect("first");
    seat.recorded.create(id(), "c", SPEC);
    ChangeId create = id();
    ChangeId drop = id();
    refuses(ErrorCode.ALREADY_EXISTS, () -> seat.recorded.create(create, "c", SPEC).join());
    assertThat(seat.recorded.drop(drop, "d").join()).isFalse();
    seat.recorded.drop(id(), "c");
    seat.recorded.create(id(), "d", SPEC);

    Seat next = world.elect("next");
    assertThatThrownBy(() -> next.recorded.create(create, "c", SPEC).join())
        .hasCauseInstanceOf(EddyException.class)
        .hasMessageContaining("Collection `c` already exists!");
    assertThat(next.recorded.drop(drop, "d").join()).isFalse();
    assertThat(world.state().names()).containsExactly("d");
  }

  @Test
  void aliasesBeforeTheOneThatFailsAreSetOnce() {
    Seat seat = world.elect("first");
    seat.recorded.create(id(), "c", SPEC);
    ChangeId id = id();
    List<AliasAction> actions =
        List.of(new AliasAction.Create("c", "a"), new AliasAction.Create("nothing", "b"));
    assertThatThrownBy(() -> seat.recorded.updateAliases(id, actions).join())
        .hasMessageContaining("Collection `nothing` doesn't exist!");
    seat.recorded.updateAliases(id(), List.of(new AliasAction.Delete("a")));

    Seat next = world.elect("next");
    assertThatThrownBy(() -> next.recorded.updateAliases(id, actions).join())
        .hasMessageContaining("Collection `nothing` doesn't exist!");
    assertThat(world.state().aliases()).isEmpty();
  }

  @Test
  void quotasAreSetOnceHoweverOftenTheyAreAskedFor() {
    QuotaConfig quotas = new QuotaConfig(true, 80, null, 0);
    for (int step = 0; step < STEPS_MAX; step++) {
      assertThat(diesAndIsAskedAgain(step, (seat, id) -> seat.recorded.setQuotas(id, quotas)))
          .isTrue();
      assertThat(world.state().quotas()).as("step %d", step).isEqualTo(quotas);
      world.elect("between").recorded.setQuotas(id(), QuotaConfig.NONE);
    }
    ChangeId id = id();
    world.elect("first").recorded.setQuotas(id, quotas);
    world.elect("second").recorded.setQuotas(id(), QuotaConfig.NONE);
    assertThat(world.elect("third").recorded.setQuotas(id, quotas).join()).isTrue();
    assertThat(world.state().quotas()).as("the later change stands").isEqualTo(QuotaConfig.NONE);
  }

  @Test
  void whoeverWasSucceededDoesNotEvenRefuse() {
    Seat old = world.elect("old");
    Seat next = world.elect("next");
    next.recorded.create(id(), "c", SPEC);

    assertThatThrownBy(() -> old.recorded.drop(id(), "c")).isInstanceOf(DeposedException.class);
    assertThatThrownBy(() -> old.recorded.update(id(), "c", CHANGE))
        .isInstanceOf(DeposedException.class);
    assertThatThrownBy(() -> old.recorded.updateAliases(id(), List.of()))
        .isInstanceOf(DeposedException.class);
  }

  @Test
  void aChangeThatWasGivenUpIsNotBegun() {
    Seat seat = world.elect("first");
    ChangeId late = slots.take();
    slots.release(late);
    seat.recorded.create(slots.take(), "c", SPEC);

    refuses(ErrorCode.UNAVAILABLE, () -> seat.recorded.drop(late, "c").join());
    ChangeId next = new ChangeSlots("q1", 2).take();
    assertThat(seat.recorded.drop(next, "c").join()).isTrue();
  }

  @Test
  void onlyTheLastChangeOfASlotIsKept() {
    Seat seat = world.elect("first");
    for (int i = 0; i < 5; i++) {
      ChangeId id = slots.take();
      seat.recorded.create(id, "c" + i, SPEC);
      slots.release(id);
    }

    assertThat(world.state().notes()).containsExactly(Map.entry("change/q1/0", "1 5 done"));
  }

  @Test
  void outcomesAreReadAsTheyWereWritten() {
    ChangeId id = new ChangeId("q1", 3, 2, 9);
    EddyException failure = new EddyException(ErrorCode.NOT_FOUND, "Not found: a\nb");
    Map<Outcome, String> written =
        Map.of(
            Outcome.done(id), "3 9 done",
            Outcome.absent(id), "3 9 absent",
            Outcome.failed(id, failure), "3 9 failed NOT_FOUND Not found: a\nb");
    written.forEach((outcome, text) -> {
      Seat seat = world.elect("any");
      seat.office.decide(outcome.note());
      assertThat(world.state().notes()).containsEntry("change/q1/2", text);
      assertThat(Outcome.last(world.state(), id)).contains(outcome);
    });
  }

  private static void refuses(ErrorCode code, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(EddyException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
