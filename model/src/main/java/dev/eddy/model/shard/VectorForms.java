package dev.eddy.model.shard;

/**
 * By what the dense vectors of a shard are searched, and what that takes, over all names.
 *
 * @param whole vectors that are compared themselves
 * @param coded vectors that are compared by codes of their own
 * @param fused vectors in a graph that carries its neighbours' codes
 * @param rowBytes of the vectors themselves, in memory or mapped
 * @param linkBytes of graphs, in memory or mapped
 * @param codeBytes of vectors' own codes, in memory or mapped
 * @param fusedBytes of graphs that carry codes, in memory
 */
public record VectorForms(
    long whole,
    long coded,
    long fused,
    long rowBytes,
    long linkBytes,
    long codeBytes,
    long fusedBytes) {
  public static final VectorForms NONE = new VectorForms(0, 0, 0, 0, 0, 0, 0);
}
