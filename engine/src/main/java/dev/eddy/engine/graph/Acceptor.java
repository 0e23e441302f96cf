package dev.eddy.engine.graph;

/**
 * Decides which nodes may be results; the others are stepping stones. Called from the searching
 * thread, only for nodes good enough to enter the beam.
 */
@FunctionalInterface
public interface Acceptor {
  /** Whether the node may be a result. */
  boolean accept(int ordinal);
}
