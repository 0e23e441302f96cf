package dev.eddy.index.serve;

import dev.eddy.model.shard.ShardException.Reason;
import dev.eddy.model.usage.FilterPlans;

/** What happens to requests. Called on request threads: short, and must not throw. */
public interface ServeEvents {
  /** Nobody listens. */
  ServeEvents NONE = new ServeEvents() {};

  /** One query was computed. */
  default void searched(SearchKind kind, long nanos) {}

  /** A filtered search was gone about in this way, perhaps one after another. */
  default void planned(FilterPlans.Attempt attempt) {}

  /** A request was not answered. */
  default void refused(Reason reason) {}

  /** How a search was asked for. */
  enum SearchKind {
    PLAIN,
    FILTERED,
    EXACT
  }
}
