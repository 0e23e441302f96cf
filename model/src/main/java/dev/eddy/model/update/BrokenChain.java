package dev.eddy.model.update;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/**
 * A shard saw an inbox change whose writer had sent something before it that never arrived: its
 * {@code before} is above the shard's {@code last} of that source partition. Whoever feeds the
 * shard starts that source partition again behind {@code last}.
 *
 * @param topicId of the inbox topic
 * @param partition of the inbox topic
 * @param before what the writer says it had sent; above last
 * @param last what the shard has; {@link Origin#NONE} = nothing
 */
public record BrokenChain(UUID topicId, int partition, long before, long last) {
  public BrokenChain {
    requireNonNull(topicId, "topicId");
  }
}
