package dev.eddy.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.controller.World.Seat;
import dev.eddy.controller.World.Topic;
import dev.eddy.model.cluster.CollectionAdmin.AliasAction;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.InboxEnds;
import dev.eddy.model.cluster.NodeReport.Role;
import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.update.Update;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/**
 * A controller is stopped at every step of what it does: for good, or so that it wakes up when
 * another one has long taken over. Whatever it was doing must then be done or taken back.
 */
class ControllerSimTest {
  private static final int STEPS_MAX = 16;
  private static final List<String> NAMES = List.of("a", "b", "c");

  private final World world = new World();

  ControllerSimTest() {
    world.addNode("q1", Role.QUERY);
    world.addNode("i1", Role.INDEX);
    world.addNode("i2", Role.INDEX);
  }

  private static CollectionSpec spec(int shards) {
    return CollectionSpec.of(Map.of("", VectorParams.of(4, Distance.DOT))).distributed(shards, 2);
  }

  private static CollectionChange replicas(int count) {
    return new CollectionChange(Map.of(), null, null, count, null, null, null, null, null, null);
  }

  @Test
  void aCreateThatDiesAtAnyStepIsCompletedOrLeavesNothing() {
    for (int step = 0; step < STEPS_MAX; step++) {
      Seat first = world.elect("first");
      String name = "c" + step;
      first.dieAt(step);
      attempt(() -> first.changes.create(name, spec(2)));
      succeed("after step " + step);
      boolean isThere = world.state().activeNamed(name).isPresent();
      assertThat(isThere)
          .as("created iff it was decided, step %d", step)
          .isEqualTo(world.state().counters().containsKey(name));
    }
  }

  @Test
  void aDropThatDiesAtAnyStepIsCompletedOrDidNotBegin() {
    for (int step = 0; step < STEPS_MAX; step++) {
      Seat first = world.elect("first");
      String name = "c" + step;
      first.changes.create(name, spec(2));
      first.changes.updateAliases(List.of(new AliasAction.Create(name, "alias" + step)));
      first.dieAt(step);
      attempt(() -> first.changes.drop(name));
      succeed("after step " + step);
    }
  }

  @Test
  void whereTheInboxEndsIsAskedAfterACreationOrADropHasBegun() {
    Seat seat = world.elect("only");
    seat.changes.create("a", spec(1));
    seat.changes.drop("a");
    Generation life = world.state().generations().getOrDefault("a", List.of()).getFirst();
    InboxEnds dropped = life.droppedAt().orElseThrow();
    // The world's inbox is as long as its metadata: each end lies behind the record before it.
    assertThat(life.created().offsets().getFirst()).isPositive();
    assertThat(dropped.offsets().getFirst()).isGreaterThan(life.created().offsets().getFirst());
    assertThat(world.asked).containsExactly(Generation.State.CREATING, Generation.State.DROPPED);
  }

  @Test
  void aChangeOfConfigurationThatDiesAtAnyStepReachesEveryPartition() {
    for (int step = 0; step < STEPS_MAX; step++) {
      Seat first = world.elect("first");
      String name = "c" + step;
      first.changes.create(name, spec(3));
      first.dieAt(step);
      attempt(() -> first.changes.update(name, replicas(7)));
      succeed("after step " + step);
      int replicas = world.state().activeNamed(name).orElseThrow().spec().replicationFactor();
      assertThat(replicas).as("step %d", step).isEqualTo(step == 0 ? 2 : 7);
    }
  }

  @RepeatedTest(200)
  void aDeposedControllerThatGoesOnHarmsNothing() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    try {
      Seat old = world.elect("old");
      for (int i = 0; i < 5; i++) {
        change(old, random);
      }
      for (int round = 0; round < 6; round++) {
        old = handOver(old, round, random);
      }
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "seed %d%n%s".formatted(seed, String.join(System.lineSeparator(), world.trace)), e);
    }
  }

  /** The old one sleeps in the midst of a change; the next takes over and works; the old wakes. */
  private Seat handOver(Seat old, int round, Random random) {
    Seat[] next = new Seat[1];
    boolean isDying = random.nextBoolean();
    Runnable takeOver =
        () -> {
          next[0] = world.elect("next" + round);
          next[0].changes.completeUnfinished();
          next[0].changes.collectOrphans();
          for (int i = 0; i < 3; i++) {
            change(next[0], random);
          }
        };
    if (isDying) {
      old.dieAt(random.nextInt(10));
    } else {
      old.stopAt(random.nextInt(10), takeOver);
    }
    for (int i = 0; i < 3; i++) {
      attempt(() -> change(old, random));
    }
    attempt(old.changes::collectOrphans);
    old.disarm();
    if (next[0] == null) {
      takeOver.run();
    }
    var state = world.state();
    for (int i = 0; i < 3; i++) {
      attempt(() -> change(old, random));
      attempt(old.readSets::reconcile);
      attempt(old.changes::collectOrphans);
    }
    assertThat(world.state()).as("a deposed controller decides nothing").isEqualTo(state);
    next[0].changes.collectOrphans();
    next[0].changes.resumeBroadcasts();
    verify("round " + round);
    return next[0];
  }

  private void change(Seat seat, Random random) {
    String name = NAMES.get(random.nextInt(NAMES.size()));
    try {
      switch (random.nextInt(6)) {
        case 0, 1, 2 -> seat.changes.create(name, spec(1 + random.nextInt(3)));
        case 3 -> seat.changes.drop(name);
        case 4 -> seat.changes.update(name, replicas(1 + random.nextInt(4)));
        default ->
            seat.changes.updateAliases(
                List.of(new AliasAction.Delete("x"), new AliasAction.Create(name, "x")));
      }
    } catch (EddyException e) {
      world.trace.add(seat.name + " refused: " + e.text());
    }
  }

  private static void attempt(Runnable action) {
    try {
      action.run();
    } catch (World.Crash | DeposedException | EddyException e) {
      // It died, or it was told that it does not decide any more.
    }
  }

  private void succeed(String when) {
    Seat next = world.elect("next");
    next.changes.completeUnfinished();
    next.changes.collectOrphans();
    verify(when);
  }

  private void verify(String when) {
    Set<UUID> named = new HashSet<>();
    for (List<Generation> lives : world.state().generations().values()) {
      assertThat(lives)
          .as("numbers only grow, %s", when)
          .extracting(Generation::generation)
          .doesNotHaveDuplicates()
          .allSatisfy(number ->
              assertThat(number)
                  .isLessThanOrEqualTo(world.state().counters().get(lives.getFirst().name())));
      assertThat(lives.stream().filter(each -> each.state() == Generation.State.ACTIVE).count())
          .isLessThanOrEqualTo(1);
      for (Generation life : lives) {
        assertThat(life.state()).as(when).isNotEqualTo(Generation.State.CREATING);
        assertThat(life.droppedAt().isPresent())
            .as("where a drop ended is known, %s", when)
            .isEqualTo(life.state() == Generation.State.DROPPED);
        if (life.state() == Generation.State.ACTIVE) {
          named.add(life.logTopicId().orElseThrow());
          verifyLog(life, when);
        }
      }
    }
    assertThat(world.topics.values())
        .as("every topic is named by a record, %s", when)
        .extracting(Topic::id)
        .containsExactlyInAnyOrderElementsOf(named);
    assertThat(world.state().aliases().values())
        .allSatisfy(name -> assertThat(world.state().activeNamed(name)).isPresent());
    assertThat(world.state().notes()).isEmpty();
  }

  /** Folds each partition as a shard does: the spec with the largest number counts. */
  private void verifyLog(Generation life, String when) {
    Topic topic = world.topics.get(life.topic());
    assertThat(topic).as("log of %s, %s", life.topic(), when).isNotNull();
    assertThat(life.configuring()).as("%s configuring, %s", life.topic(), when).isFalse();
    for (List<Update> partition : Objects.requireNonNull(topic).partitions()) {
      assertThat(partition).as("%s, %s", life.topic(), when).isNotEmpty();
      assertThat(partition.getFirst()).isInstanceOf(Update.Genesis.class);
      CollectionSpec current = null;
      long number = -1;
      for (Update update : partition) {
        if (update instanceof Update.Genesis genesis && genesis.metaNumber() > number) {
          assertThat(genesis.collectionId()).isEqualTo(life.collectionId());
          current = genesis.spec();
          number = genesis.metaNumber();
        } else if (update instanceof Update.Configure configure
            && configure.metaNumber() > number) {
          current = configure.spec();
          number = configure.metaNumber();
        }
      }
      assertThat(current).as("%s, %s", life.topic(), when).isEqualTo(life.spec());
      assertThat(number).isEqualTo(life.metaNumber());
    }
  }
}
