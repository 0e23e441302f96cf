package dev.eddy.kafka.meta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.MetaChange;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KafkaClusterViewTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(30);

  private final MemoryFeed meta = new MemoryFeed();
  private final MemoryFeed nodes = new MemoryFeed();
  private final KafkaClusterView view = new KafkaClusterView(meta, nodes, null);

  @AfterEach
  void close() {
    view.close();
  }

  @Test
  void aReadToTheEndSeesWhatWasThereWhenItWasAsked() {
    meta.append(new MetaChange.AliasSet("a", "one"));
    view.start(LONG);
    assertThat(view.state().aliases()).containsEntry("a", "one");

    meta.append(new MetaChange.AliasSet("a", "two"));

    assertThat(view.readToEnd(LONG).aliases()).containsEntry("a", "two");
  }

  @Test
  void aReadToTheEndThatDoesNotGetThereFails() {
    view.start(LONG);
    meta.holdBack(true);
    meta.append(new MetaChange.AliasSet("a", "one"));

    assertThatThrownBy(() -> view.readToEnd(SHORT))
        .isInstanceOfSatisfying(
            EddyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .hasMessageContaining("could not be read to its end within 30 ms");

    meta.holdBack(false);
    assertThat(view.readToEnd(LONG).aliases()).containsEntry("a", "one");
  }

  @Test
  void listenersSeeTheCurrentStateAtOnceAndEveryLaterOneInOrder() throws Exception {
    view.start(LONG);
    BlockingQueue<ClusterState> seen = new LinkedBlockingQueue<>();
    view.onChange(seen::add);
    assertThat(seen).hasSize(1);
    seen.clear();

    meta.append(new MetaChange.CounterSet("words", 1));
    meta.append(new MetaChange.CounterSet("words", 2));

    List<Long> positions = new ArrayList<>();
    ClusterState last;
    do {
      last = seen.poll(60, TimeUnit.SECONDS);
      assertThat(last).isNotNull();
      positions.add(last.position());
    } while (last.position() < 4);
    assertThat(last.counters()).containsEntry("words", 2);
    assertThat(positions).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void readingAgainFromTheStartShowsNoHalfOfTheTruth() {
    meta.append(new MetaChange.AliasSet("a", "one"));
    view.start(LONG);
    List<ClusterState> seen = new ArrayList<>();
    view.onChange(state -> {
      synchronized (seen) {
        seen.add(state);
      }
    });

    meta.failOnce();
    meta.append(new MetaChange.AliasSet("b", "two"));

    assertThat(view.readToEnd(LONG).aliases()).containsKeys("a", "b");
    assertThat(meta.rewinds()).isGreaterThan(1);
    synchronized (seen) {
      assertThat(seen).allSatisfy(state -> assertThat(state.aliases()).containsKey("a"));
    }
  }

  @Test
  void aRecordThatIsNotUnderstoodEndsTrustButNotWhatIsKnown() {
    meta.append(new MetaChange.AliasSet("a", "one"));
    view.start(LONG);

    meta.append(new byte[] {'x'}, new byte[] {8, 9});

    assertThatThrownBy(() -> view.readToEnd(LONG))
        .isInstanceOf(EddyException.class)
        .hasMessageContaining("the metadata can't be read: record 2");
    assertThatThrownBy(() -> view.verified(SHORT)).isInstanceOf(EddyException.class);
    assertThat(view.state().aliases()).containsEntry("a", "one");
  }

  @Test
  void aNodeWhoseReportsDoNotGetThroughReadsToTheEndEachTime() {
    view.start(LONG);
    ReportLease lease = view.reporting();
    meta.holdBack(true);
    meta.append(new MetaChange.AliasSet("a", "one"));
    assertThatThrownBy(() -> view.verified(SHORT)).isInstanceOf(EddyException.class);

    meta.holdBack(false);
    long now = System.nanoTime();
    lease.acknowledged(now, now);

    assertThat(view.verified(LONG).aliases()).containsEntry("a", "one");
  }

  @Test
  void whatWasReadJustNowIsTrustedWithoutAsking() {
    view.start(LONG);
    view.readToEnd(LONG);
    meta.endUnknown(true);

    assertThat(view.verified(SHORT)).isSameAs(view.state());
  }
}
