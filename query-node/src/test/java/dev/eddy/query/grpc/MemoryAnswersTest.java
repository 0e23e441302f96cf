package dev.eddy.query.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.cluster.NodeReport.MemoryReport;
import dev.eddy.model.shard.MemoryUse.Component;
import dev.eddy.proto.v1.MemoryUse;
import dev.eddy.proto.v1.ShardsMemoryTelemetry;
import org.junit.jupiter.api.Test;

final class MemoryAnswersTest {
  private static dev.eddy.model.shard.MemoryUse held() {
    var sum = new dev.eddy.model.shard.MemoryUse.Sum();
    sum.add(Component.VECTORS, 12, 100);
    sum.addFieldIndex("a", 8);
    return sum.done();
  }

  private static MemoryUse bytes(long disk, long ram) {
    return MemoryUse.newBuilder().setDiskBytes(disk).setRamBytes(ram).build();
  }

  @Test
  void aShardsUseIsToldByComponentAndField() {
    assertThat(MemoryAnswers.use(held()))
        .isEqualTo(
            MemoryUse.newBuilder()
                .setDiskBytes(100)
                .setRamBytes(20)
                .putComponents("vectors", bytes(100, 12))
                .putComponents("field_indexes", bytes(0, 8))
                .putFieldIndexes("a", MemoryUse.newBuilder().setRamBytes(8).build())
                .build());
  }

  @Test
  void aNodesUseIsToldWithItsLimit() {
    assertThat(MemoryAnswers.report(new MemoryReport(21, 20, 18, true, held().withoutFields())))
        .isEqualTo(
            ShardsMemoryTelemetry.newBuilder()
                .setHeldBytes(21)
                .setLimitBytes(20)
                .setFull(true)
                .putComponents("vectors", bytes(100, 12))
                .putComponents("field_indexes", bytes(0, 8))
                .build());
  }
}
