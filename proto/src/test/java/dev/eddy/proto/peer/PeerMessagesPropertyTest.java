package dev.eddy.proto.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.cluster.ChangeId;
import dev.eddy.model.cluster.CollectionAdmin.AliasAction;
import dev.eddy.model.cluster.QuotaConfig;
import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.proto.RandomModel;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PeerMessagesPropertyTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final ChangeId ID = new ChangeId("n1", 1L << 40, 3, Long.MAX_VALUE);

  @Test
  void specsAndChangesComeBackEqual() {
    for (int seed = 0; seed < 1_000; seed++) {
      RandomModel model = new RandomModel(new Random(seed));
      CollectionSpec spec = model.spec();
      assertThat(PeerMessages.spec(PeerMessages.create(ID, "c", spec, TIMEOUT)))
          .as("seed %d", seed)
          .isEqualTo(spec);
      CollectionChange change = model.change();
      assertThat(PeerMessages.change(PeerMessages.update(ID, "c", change, TIMEOUT)))
          .as("seed %d", seed)
          .isEqualTo(change);
    }
  }

  @Test
  void aliasActionsComeBackEqualAndInOrder() {
    List<AliasAction> actions =
        List.of(
            new AliasAction.Rename("old", "new"),
            new AliasAction.Create("c", "a"),
            new AliasAction.Delete(""));
    UpdateAliasesMessage message = PeerMessages.aliases(ID, actions, TIMEOUT);
    assertThat(PeerMessages.actions(message)).isEqualTo(actions);
    assertThat(message.getTimeoutMs()).isEqualTo(3_000);
  }

  @Test
  void quotasComeBackEqual() {
    for (QuotaConfig quotas :
        List.of(
            QuotaConfig.NONE,
            new QuotaConfig(true, 80, null, 0),
            new QuotaConfig(false, null, 100, 7))) {
      assertThat(PeerMessages.quotas(PeerMessages.quotas(ID, quotas, TIMEOUT))).isEqualTo(quotas);
    }
  }

  @Test
  void idsComeBackEqualAndAreRequired() {
    assertThat(PeerMessages.id(PeerMessages.delete(ID, "c", TIMEOUT).getId())).isEqualTo(ID);
    assertThatThrownBy(() -> PeerMessages.id(DeleteCollectionMessage.getDefaultInstance().getId()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("id of the change");
  }
}
