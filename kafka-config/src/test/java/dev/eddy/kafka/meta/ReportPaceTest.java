package dev.eddy.kafka.meta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.Role;
import dev.eddy.model.cluster.NodeReport.ShardReport;
import dev.eddy.model.shard.ShardId;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ReportPaceTest {
  private static Stream<ShardReport> shards(int count, String state) {
    return IntStream.range(0, count)
        .mapToObj(i -> new ShardReport(new ShardId(new UUID(1, i), 1, 0), state, 1, 1, 0, 0, ""));
  }

  private static Duration pause(int opening, String state) {
    return ReportPace.pauseAfter(
        new NodeReport(
            "n",
            1,
            Set.of(Role.INDEX),
            null,
            null,
            1,
            Stream.concat(shards(1_000, "SERVING"), shards(opening, state)).toList(),
            null));
  }

  @Test
  void aSingleShardAmongManyIsToldAtOnce() {
    assertThat(pause(1, "RESTORING")).isZero();
    assertThat(pause(ReportPace.OPENING_FEW_MAX, "REPLAYING")).isZero();
  }

  @Test
  void manyThatAreOpenedAreToldTogether() {
    assertThat(pause(ReportPace.OPENING_FEW_MAX + 1, "RESTORING")).isEqualTo(ReportPace.PAUSE);
    assertThat(pause(ReportPace.OPENING_FEW_MAX + 1, "REPLAYING")).isEqualTo(ReportPace.PAUSE);
  }

  @Test
  void shardsThatFailedAreNotWaitedFor() {
    assertThat(pause(1_000, "FAILED")).isZero();
  }
}
