package dev.eddy.model.cluster;

import java.util.List;
import java.util.UUID;

/** End offsets of the inbox's partitions at one moment; index = partition. */
public record InboxEnds(UUID topicId, List<Long> offsets) {
  /** Those of no inbox: nothing lies below them. */
  public static final InboxEnds NONE = new InboxEnds(new UUID(0, 0), List.of());

  public InboxEnds {
    offsets = List.copyOf(offsets);
  }
}
