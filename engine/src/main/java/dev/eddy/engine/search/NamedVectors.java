package dev.eddy.engine.search;

import dev.eddy.engine.kernel.Metric;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.point.Vector;
import org.jspecify.annotations.Nullable;

/** The vectors of one name at one moment, of whichever form. Safe from any thread while held. */
public sealed interface NamedVectors permits FieldView, SparseVectors, MultiVectors {
  /** Compares slots with one vector. One thread. */
  interface Scorer {
    /**
     * Similarities (higher is nearer) of {@code slots[0 .. count)}; NaN where a slot has no vector,
     * or none that can be compared.
     */
    void score(int[] slots, int count, float[] similarities);
  }

  /** How vectors are compared; sparse ones by their dot product. */
  Metric metric();

  /** Whether the slot has a vector. */
  boolean contains(int slot);

  /**
   * Whether the slot has a vector that a search for what is indexed looks at: one that an index
   * has, or that is among too few to have an index.
   */
  boolean isIndexed(int slot);

  /** The vector of a slot as it is stored, or null. */
  @Nullable Vector vector(int slot);

  /** The hash of the vector of a slot as it is stored, to be begun with that of the name; or 0. */
  long hash(long nameHash, int slot);

  /**
   * Gets ready to compare with a vector as a client sent it.
   *
   * @throws EddyException with the contract's text when its form or dimension is wrong
   */
  Scorer scorer(Vector query);

  /** Gives up what is held; to be called once. */
  void release();

  /** The refusal of a vector of another form than the name's. */
  static EddyException wrongForm(Vector given) {
    return EddyException.wrongInput(
        given instanceof Vector.Multi
            ? "Wrong usage of multi vectors"
            : "Wrong usage of sparse vectors");
  }
}
