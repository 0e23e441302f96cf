package dev.eddy.proto.mapping;

import dev.eddy.model.cluster.QuotaConfig;
import dev.eddy.proto.model.QuotaConfigMessage;

/** Quotas as messages and back. */
public final class QuotaMessages {
  private QuotaMessages() {}

  public static QuotaConfigMessage quotas(QuotaConfig quotas) {
    QuotaConfigMessage.Builder message =
        QuotaConfigMessage.newBuilder().setEnabled(quotas.enabled());
    Present.set(quotas.maxResidentMemoryPercent(), message::setMaxResidentMemoryPercent);
    Present.set(quotas.maxDiskUsagePercent(), message::setMaxDiskUsagePercent);
    Present.set(quotas.releaseMarginPercent(), message::setReleaseMarginPercent);
    return message.build();
  }

  public static QuotaConfig quotas(QuotaConfigMessage message) {
    return new QuotaConfig(
        message.getEnabled(),
        message.hasMaxResidentMemoryPercent() ? message.getMaxResidentMemoryPercent() : null,
        message.hasMaxDiskUsagePercent() ? message.getMaxDiskUsagePercent() : null,
        message.hasReleaseMarginPercent() ? message.getReleaseMarginPercent() : null);
  }
}
