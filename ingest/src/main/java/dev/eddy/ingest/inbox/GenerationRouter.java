package dev.eddy.ingest.inbox;

import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.InboxEnds;
import java.util.List;
import java.util.UUID;

/**
 * Which generation an inbox record belongs to: the one with {@code create end <= offset < drop
 * end}. So a repeat after drop and re-create brings nothing back. Pure.
 *
 * <p>(safety) Both ends are taken after the record that begins the change, and recorded by a second
 * one. Between the two nothing of that name is routed: what a log was sent before was in the inbox
 * before, and so lies below the end.
 */
final class GenerationRouter {
  private GenerationRouter() {}

  /** Where a record goes. */
  sealed interface Route {
    record To(Generation generation) implements Route {}

    /** Its generation was dropped since it arrived. */
    record Discard(Generation generation) implements Route {}

    /** The collection is just being created or dropped: the end is not recorded yet. */
    record Undecided(Generation generation) implements Route {}

    /** No generation was there when it arrived. */
    enum Unknown implements Route {
      UNKNOWN
    }
  }

  static Route route(
      ClusterState state, UUID inboxTopicId, String nameOrAlias, int partition, long offset) {
    String name = state.aliases().getOrDefault(nameOrAlias, nameOrAlias);
    for (Generation generation : state.generations().getOrDefault(name, List.<Generation>of())) {
      if (generation.state() == Generation.State.CREATING) {
        return new Route.Undecided(generation);
      }
      if (end(generation.created(), inboxTopicId, partition) > offset) {
        continue;
      }
      if (generation.state() == Generation.State.ACTIVE) {
        return new Route.To(generation);
      }
      InboxEnds dropped = generation.dropped();
      if (dropped == null) {
        return new Route.Undecided(generation);
      }
      if (offset < end(dropped, inboxTopicId, partition)) {
        return new Route.Discard(generation);
      }
    }
    return Route.Unknown.UNKNOWN;
  }

  /** An end that was taken of another inbox topic, or before the partition was there, is 0. */
  private static long end(InboxEnds ends, UUID inboxTopicId, int partition) {
    return ends.topicId().equals(inboxTopicId) && partition < ends.offsets().size()
        ? ends.offsets().get(partition)
        : 0;
  }
}
