package dev.eddy.model.update;

import java.util.UUID;

/**
 * Where an inbox record came from, and what its writer had sent before it to the same log
 * partition.
 *
 * @param before offset of the previous send of this writer from the same source partition to this
 *     log partition; {@link #NONE} for the first after every (re)positioning
 */
public record Origin(UUID topicId, int partition, long offset, long before) {
  /** Below every offset. */
  public static final long NONE = -1;
}
