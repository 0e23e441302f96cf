package dev.eddy.model.cluster;

import java.util.List;
import java.util.UUID;

/** End offsets of the inbox's partitions at one moment; index = partition. */
public record InboxEnds(UUID topicId, List<Long> offsets) {
  public InboxEnds {
    offsets = List.copyOf(offsets);
  }
}
