package dev.eddy.model.shard;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * By what dense vectors are searched, rows of multivectors included.
 *
 * @param whole vectors that are compared themselves
 * @param coded vectors that are compared by codes of their own
 * @param fused vectors in a graph that carries its neighbours' codes
 * @param slots of all the fused ones: neighbours whose codes a node has room for
 * @param unfused vectors that are not fused, by why not; those that nothing keeps from it are left
 *     out
 */
public record VectorForms(
    long whole, long coded, long fused, long slots, Map<Unfused, Long> unfused) {
  /** Why vectors are not in a graph that carries codes. */
  public enum Unfused {
    /** The settings of the vector or of the node are against it. */
    SETTING,
    /** There are no such codes for the metric. */
    METRIC,
    /** Vectors are too short or too long for it to pay. */
    DIMENSION,
    /** Nodes have more links than pay. */
    LINKS,
    /** There is no graph. */
    NO_GRAPH,
    /** There are too few in the segment for it to pay. */
    FEW,
    /** The memory for it was not there, or making it failed. */
    MEMORY,
    /** It is being made, or is to be. */
    MAKING
  }

  public static final VectorForms NONE = new VectorForms(0, 0, 0, 0, Map.of());

  /** Copies the map. */
  public VectorForms {
    Map<Unfused, Long> copy = new EnumMap<>(Unfused.class);
    copy.putAll(unfused);
    unfused = Collections.unmodifiableMap(copy);
  }

  /** Both together. */
  public VectorForms plus(VectorForms other) {
    Map<Unfused, Long> both = new EnumMap<>(Unfused.class);
    both.putAll(unfused);
    other.unfused.forEach((why, count) -> both.merge(why, count, Long::sum));
    return new VectorForms(
        whole + other.whole, coded + other.coded, fused + other.fused, slots + other.slots, both);
  }
}
