package dev.eddy.query.grpc;

import dev.eddy.model.cluster.NodeReport.MemoryReport;
import dev.eddy.model.shard.MemoryUse.Bytes;
import dev.eddy.proto.v1.MemoryUse;
import dev.eddy.proto.v1.ShardsMemoryTelemetry;

/** What shards hold, by component, as messages. Stateless. */
final class MemoryAnswers {
  private MemoryAnswers() {}

  static MemoryUse use(dev.eddy.model.shard.MemoryUse use) {
    MemoryUse.Builder answer =
        MemoryUse.newBuilder().setDiskBytes(use.fileBytes()).setRamBytes(use.memoryBytes());
    use.fieldIndexes()
        .forEach((path, ram) ->
            answer.putFieldIndexes(path, MemoryUse.newBuilder().setRamBytes(ram).build()));
    use.components()
        .forEach((component, bytes) -> answer.putComponents(component.label(), bytes(bytes)));
    return answer.build();
  }

  static ShardsMemoryTelemetry report(MemoryReport report) {
    ShardsMemoryTelemetry.Builder answer =
        ShardsMemoryTelemetry.newBuilder()
            .setHeldBytes(report.heldBytes())
            .setLimitBytes(report.limitBytes())
            .setFull(report.isFull());
    report
        .use()
        .components()
        .forEach((component, bytes) -> answer.putComponents(component.label(), bytes(bytes)));
    return answer.build();
  }

  private static MemoryUse bytes(Bytes bytes) {
    return MemoryUse.newBuilder().setDiskBytes(bytes.files()).setRamBytes(bytes.memory()).build();
  }
}
