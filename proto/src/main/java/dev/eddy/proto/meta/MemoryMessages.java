package dev.eddy.proto.meta;

import dev.eddy.model.cluster.NodeReport.MemoryReport;
import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.shard.MemoryUse.Bytes;
import dev.eddy.model.shard.MemoryUse.Component;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** What is held of memory, as messages and back. Stateless. */
public final class MemoryMessages {
  private MemoryMessages() {}

  /** As a message. */
  public static MemoryUseMessage use(MemoryUse use) {
    MemoryUseMessage.Builder message =
        MemoryUseMessage.newBuilder().putAllFieldIndexes(use.fieldIndexes());
    use.components()
        .forEach((component, bytes) ->
            message.addComponents(
                ComponentBytesMessage.newBuilder()
                    .setComponent(component.name())
                    .setMemoryBytes(bytes.memory())
                    .setFileBytes(bytes.files())));
    return message.build();
  }

  /** From a message; components that this version does not know are passed over. */
  public static MemoryUse use(MemoryUseMessage message) {
    Map<Component, Bytes> components = new EnumMap<>(Component.class);
    for (ComponentBytesMessage told : message.getComponentsList()) {
      for (Component component : Component.values()) {
        if (component.name().equals(told.getComponent())) {
          components.put(component, new Bytes(told.getMemoryBytes(), told.getFileBytes()));
        }
      }
    }
    return new MemoryUse(components, new TreeMap<>(message.getFieldIndexesMap()));
  }

  static MemoryReportMessage report(MemoryReport report) {
    return MemoryReportMessage.newBuilder()
        .setHeldBytes(report.heldBytes())
        .setLimitBytes(report.limitBytes())
        .setFull(report.isFull())
        .setReleaseBytes(report.releaseBytes())
        .setUse(use(report.use()))
        .build();
  }

  static MemoryReport report(MemoryReportMessage message) {
    return new MemoryReport(
        message.getHeldBytes(),
        message.getLimitBytes(),
        message.getReleaseBytes(),
        message.getFull(),
        use(message.getUse()));
  }
}
