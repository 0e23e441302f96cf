package dev.eddy.engine.segment;

/**
 * Decides which slots may be results: live and matching the filter. Called often, from the
 * searching thread; must be cheap and stable during a search.
 */
@FunctionalInterface
public interface SlotAcceptor {
  /** Accepts every slot. */
  SlotAcceptor ALL = slot -> true;

  /** Whether the slot may be a result. */
  boolean accept(int slot);
}
