package dev.eddy.query.quota;

import org.jspecify.annotations.Nullable;

/** Which limits this node refuses writes over; null = that one is not enforced. */
public record QuotaExceeded(@Nullable Boolean residentMemory, @Nullable Boolean diskUsage) {
  /** Whether it is over one of them. */
  public boolean any() {
    return Boolean.TRUE.equals(residentMemory) || Boolean.TRUE.equals(diskUsage);
  }
}
