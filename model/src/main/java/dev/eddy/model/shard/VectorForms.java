package dev.eddy.model.shard;

/**
 * By what dense vectors are searched.
 *
 * @param whole vectors that are compared themselves
 * @param coded vectors that are compared by codes of their own
 * @param fused vectors in a graph that carries its neighbours' codes
 */
public record VectorForms(long whole, long coded, long fused) {
  public static final VectorForms NONE = new VectorForms(0, 0, 0);

  /** Both together. */
  public VectorForms plus(VectorForms other) {
    return new VectorForms(whole + other.whole, coded + other.coded, fused + other.fused);
  }
}
