package dev.eddy.model.cluster;

import dev.eddy.model.error.BrokenRules;
import dev.eddy.model.error.EddyException;
import org.jspecify.annotations.Nullable;

/**
 * How full a node may be before it refuses writes that add data. Nothing of it counts unless it is
 * {@code enabled}; null = no such limit.
 *
 * @param maxResidentMemoryPercent of the memory that the process may have, 1 to 100
 * @param maxDiskUsagePercent of the file system that holds the node's data, 1 to 100
 * @param releaseMarginPercent by so many points the use of a resource has to fall below its limit
 *     before writes are taken again, 0 to 100; null = {@value #RELEASE_MARGIN_DEFAULT}
 */
public record QuotaConfig(
    boolean enabled,
    @Nullable Integer maxResidentMemoryPercent,
    @Nullable Integer maxDiskUsagePercent,
    @Nullable Integer releaseMarginPercent) {
  /** Wider than the noise between two readings, and soon reached once something is deleted. */
  public static final int RELEASE_MARGIN_DEFAULT = 5;

  /** No limits. */
  public static final QuotaConfig NONE = new QuotaConfig(false, null, null, null);

  /**
   * The same, where every number is in its range.
   *
   * @throws EddyException VALIDATION that names those that are not
   */
  public QuotaConfig checked() {
    BrokenRules broken = new BrokenRules();
    check(broken, "max_resident_memory_percent", maxResidentMemoryPercent, 1);
    check(broken, "max_disk_usage_percent", maxDiskUsagePercent, 1);
    check(broken, "release_margin_percent", releaseMarginPercent, 0);
    if (!broken.isEmpty()) {
      throw broken.refusal(broken.text());
    }
    return this;
  }

  /** The margin that counts. */
  public int releaseMargin() {
    return releaseMarginPercent == null ? RELEASE_MARGIN_DEFAULT : releaseMarginPercent;
  }

  private static void check(BrokenRules broken, String field, @Nullable Integer value, int min) {
    if (value != null && (value < min || value > 100)) {
      broken.add("%s: value %d invalid, must be from %d to 100".formatted(field, value, min));
    }
  }
}
