package dev.eddy.engine.segment;

/**
 * The writer's view of which slots still name a vector of a point. Asked on the writer's thread
 * only.
 */
@FunctionalInterface
public interface LiveSlots {
  /** Whether the slot is live; once dead, a slot stays dead. */
  boolean isLive(int slot);
}
