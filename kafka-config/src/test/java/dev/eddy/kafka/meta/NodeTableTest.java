package dev.eddy.kafka.meta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.Role;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NodeTableTest {
  private final NodeTable table = new NodeTable();

  @Test
  void aNodeIsSilentAfterThreeObservedSeconds() {
    table.received(report("a", 1));
    observe(29);
    assertThat(table.live()).extracting(NodeReport::nodeId).containsExactly("a");

    observe(1);
    assertThat(table.live()).isEmpty();
  }

  @Test
  void timeInWhichNothingWasReadIsNotSilence() {
    table.received(report("a", 1));
    table.observed(TimeUnit.MINUTES.toNanos(5));

    assertThat(table.live()).extracting(NodeReport::nodeId).containsExactly("a");
  }

  @Test
  void anEarlierIncarnationIsIgnored() {
    table.received(report("a", 2));
    table.received(report("a", 1));

    assertThat(table.live()).extracting(NodeReport::incarnation).containsExactly(2L);
    assertThat(table.incarnation("a")).hasValue(2);
    assertThat(table.incarnation("b")).isEmpty();
  }

  private void observe(int tenths) {
    for (int i = 0; i < tenths; i++) {
      table.observed(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }

  private static NodeReport report(String nodeId, long incarnation) {
    return new NodeReport(nodeId, incarnation, Set.of(Role.QUERY), null, null, 0, List.of(), null);
  }
}
