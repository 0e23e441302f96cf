package dev.eddy.engine.segment;

/**
 * What a search makes of codes where rows have them.
 *
 * @param isIgnored whole rows are compared from the beginning
 * @param isCompared whether the rows with the best estimates are compared whole at the end; else
 *     their estimates are their similarities
 * @param oversampling how many rows are compared whole per hit wanted, at least; at least 1
 */
public record CodeUse(boolean isIgnored, boolean isCompared, double oversampling) {
  /** What is right when nothing is said. */
  public static final CodeUse DEFAULT = new CodeUse(false, true, 1);

  /** Checks the range. */
  public CodeUse {
    if (!(oversampling >= 1)) {
      throw new IllegalArgumentException("oversampling must be at least 1, got " + oversampling);
    }
  }
}
