package dev.eddy.query.quota;

import org.jspecify.annotations.Nullable;

/**
 * How much of its machine a node uses, in whole percents, rounded down; null = the system does not
 * tell.
 *
 * @param residentMemoryPercent of the memory that the process may have
 * @param diskUsagePercent of the file system that holds the node's data, whoever filled it
 */
public record NodeUse(@Nullable Integer residentMemoryPercent, @Nullable Integer diskUsagePercent) {
  public static final NodeUse UNKNOWN = new NodeUse(null, null);
}
