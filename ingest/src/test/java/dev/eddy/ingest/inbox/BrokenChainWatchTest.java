package dev.eddy.ingest.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.ShardReport;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.BrokenChain;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BrokenChainWatchTest {
  private static final UUID INBOX = new UUID(7, 7);
  private static final ShardId SHARD = new ShardId(new UUID(1, 1), 1, 0);
  private final BrokenChainWatch watch = new BrokenChainWatch(INBOX, Duration.ofNanos(100));

  private static NodeReport node(String state, BrokenChain... chains) {
    ShardReport shard = new ShardReport(SHARD, state, 5, 5, 0, 1, "", List.of(chains), null);
    return new NodeReport(
        "n", 1, Set.of(NodeReport.Role.INDEX), null, null, 1, List.of(shard), null);
  }

  @Test
  void onlyABreakThatLastsIsActedUpon() {
    BrokenChain chain = new BrokenChain(INBOX, 2, 9, 5);
    assertThat(watch.due(List.of(node("SERVING", chain)), Set.of(2), 1_000)).isEmpty();
    assertThat(watch.due(List.of(node("SERVING", chain)), Set.of(2), 1_099)).isEmpty();
    assertThat(watch.due(List.of(node("SERVING", chain)), Set.of(2), 1_100))
        .containsExactly(new BrokenChainWatch.Break(SHARD, chain));
    assertThat(watch.due(List.of(node("SERVING", chain)), Set.of(2), 1_101)).isEmpty();
  }

  @Test
  void aBreakThatHealedInBetweenStartsAnew() {
    BrokenChain chain = new BrokenChain(INBOX, 2, 9, 5);
    assertThat(watch.due(List.of(node("SERVING", chain)), Set.of(2), 0)).isEmpty();
    assertThat(watch.due(List.of(node("SERVING")), Set.of(2), 50)).isEmpty();
    assertThat(watch.due(List.of(node("SERVING", chain)), Set.of(2), 120)).isEmpty();
  }

  @Test
  void replayingShardsOtherInboxesAndOtherPartitionsDoNotCount() {
    BrokenChain chain = new BrokenChain(INBOX, 2, 9, 5);
    BrokenChain foreign = new BrokenChain(new UUID(8, 8), 2, 9, 5);
    for (long now : new long[] {0, 200}) {
      assertThat(
              watch.due(
                  List.of(node("REPLAYING", chain), node("SERVING", foreign)), Set.of(2), now))
          .isEmpty();
      assertThat(watch.due(List.of(node("SERVING", chain)), Set.of(1), now)).isEmpty();
    }
  }
}
