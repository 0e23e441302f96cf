package dev.eddy.ingest.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.ingest.inbox.GenerationRouter.Route;
import dev.eddy.model.cluster.Generation;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class GenerationRouterTest {
  private static final UUID INBOX = new UUID(7, 7);
  private final TestCluster cluster = new TestCluster(INBOX);

  private Route route(long offset) {
    return GenerationRouter.route(cluster.state(), INBOX, "c", 0, offset);
  }

  @Test
  void aRecordBelongsToTheGenerationThatLivedWhenItArrived() {
    Generation first =
        cluster.put(
            "c", 1, Generation.State.DROPPED, "t1", new UUID(0, 1), List.of(10L), List.of(20L));
    Generation second =
        cluster.put("c", 2, Generation.State.ACTIVE, "t2", new UUID(0, 2), List.of(25L), null);

    assertThat(route(9)).isEqualTo(Route.Unknown.UNKNOWN);
    assertThat(route(10)).isEqualTo(new Route.Discard(first));
    assertThat(route(19)).isEqualTo(new Route.Discard(first));
    assertThat(route(20)).isEqualTo(Route.Unknown.UNKNOWN);
    assertThat(route(24)).isEqualTo(Route.Unknown.UNKNOWN);
    assertThat(route(25)).isEqualTo(new Route.To(second));
  }

  @Test
  void whereACreationBeginsIsWaitedFor() {
    Generation first =
        cluster.put(
            "c", 1, Generation.State.DROPPED, "t1", new UUID(0, 1), List.of(10L), List.of(20L));
    Generation creating =
        cluster.put("c", 2, Generation.State.CREATING, "t2", null, List.of(), null);
    assertThat(route(15)).isEqualTo(new Route.Discard(first));
    assertThat(route(20)).isEqualTo(new Route.Undecided(creating));
  }

  @Test
  void whereADropEndsIsWaitedFor() {
    Generation dropped =
        cluster.put("c", 1, Generation.State.DROPPED, "t1", new UUID(0, 1), List.of(10L), null);
    assertThat(route(9)).isEqualTo(Route.Unknown.UNKNOWN);
    assertThat(route(10)).isEqualTo(new Route.Undecided(dropped));
  }

  @Test
  void endsOfAnotherInboxTopicSayNothing() {
    cluster.put("c", 1, Generation.State.ACTIVE, "t1", new UUID(0, 1), List.of(100L), null);
    assertThat(GenerationRouter.route(cluster.state(), new UUID(8, 8), "c", 0, 5))
        .isInstanceOf(Route.To.class);
  }
}
