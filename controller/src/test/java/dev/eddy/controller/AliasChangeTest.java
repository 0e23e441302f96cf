package dev.eddy.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.controller.World.Seat;
import dev.eddy.model.cluster.CollectionAdmin.AliasAction;
import dev.eddy.model.cluster.MetaChange;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.error.ErrorCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AliasChangeTest {
  private final World world = new World();

  @BeforeEach
  void twoCollectionsAndAnAlias() {
    Seat seat = world.elect("first");
    CollectionSpec spec = CollectionSpec.of(Map.of("", VectorParams.of(4, Distance.DOT)));
    seat.changes.create("old", spec);
    seat.changes.create("new", spec);
    seat.changes.updateAliases(List.of(new AliasAction.Create("old", "live")));
  }

  @Test
  void deleteAndCreateMoveAnAlias() {
    AliasChange change = of(new AliasAction.Delete("live"), new AliasAction.Create("new", "live"));

    assertThat(change.failed()).isEmpty();
    assertThat(change.changes())
        .containsExactly(
            new MetaChange.AliasRemoved("live"), new MetaChange.AliasSet("live", "new"));
  }

  @Test
  void whatStandsBeforeAFailureIsKept() {
    AliasChange change =
        of(new AliasAction.Create("new", "next"), new AliasAction.Rename("none", "other"));

    assertThat(change.changes()).containsExactly(new MetaChange.AliasSet("next", "new"));
    assertThat(change.failed().orElseThrow().text())
        .isEqualTo("Not found: Alias none does not exists!");
  }

  @Test
  void aMissingAliasMayBeDeleted() {
    assertThat(of(new AliasAction.Delete("none"))).isEqualTo(new AliasChange(List.of(), null));
  }

  @Test
  void anAliasCanNotHaveTheNameOfACollection() {
    assertThat(of(new AliasAction.Create("old", "new")).failed().orElseThrow().code())
        .isEqualTo(ErrorCode.ALREADY_EXISTS);
    assertThat(of(new AliasAction.Rename("live", "new")).failed().orElseThrow().text())
        .isEqualTo("Wrong input: Collection `new` already exists!");
  }

  @Test
  void anActionSeesWhatThoseBeforeItDid() {
    AliasChange change =
        of(new AliasAction.Rename("live", "then"), new AliasAction.Rename("live", "again"));

    assertThat(change.failed().orElseThrow().code()).isEqualTo(ErrorCode.NOT_FOUND);
  }

  private AliasChange of(AliasAction... actions) {
    return AliasChange.of(world.state(), List.of(actions));
  }
}
