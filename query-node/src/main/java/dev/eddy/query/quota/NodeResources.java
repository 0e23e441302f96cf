package dev.eddy.query.quota;

import java.util.OptionalLong;

/** What this process holds of its machine, read anew by each call. Safe from any thread. */
public interface NodeResources {

  /** Bytes of the process that are in memory; empty when the system does not tell. */
  OptionalLong residentBytes();

  /** The shares that quotas limit. */
  NodeUse use();
}
