package dev.eddy.model.collection;

import org.jspecify.annotations.Nullable;

/**
 * One sparse vector of a collection. Null = not given.
 *
 * @param index of its settings, where the index lies has an effect; the others are stored and shown
 *     back, since one kind of index serves all
 * @param modifier what a query's values are multiplied by
 */
public record SparseVectorParams(@Nullable Index index, @Nullable Modifier modifier) {
  /** Neither index nor modifier given. */
  public static final SparseVectorParams DEFAULT = new SparseVectorParams(null, null);

  /**
   * Settings of the index.
   *
   * @param fullScanThreshold at least 0
   * @param memory {@code cold}, {@code cached} or {@code pinned}
   * @param datatype {@code float32}, {@code float16} or {@code uint8}
   */
  public record Index(
      @Nullable Long fullScanThreshold,
      @Nullable Boolean onDisk,
      @Nullable String memory,
      @Nullable String datatype) {

    private Index over(@Nullable Index older) {
      return older == null
          ? this
          : new Index(
              fullScanThreshold != null ? fullScanThreshold : older.fullScanThreshold,
              onDisk != null ? onDisk : older.onDisk,
              memory != null ? memory : older.memory,
              datatype != null ? datatype : older.datatype);
    }
  }

  /** What a query's values are multiplied by. */
  public enum Modifier {
    NONE("none"),
    /** How rare an index is among the points ("inverse document frequency"). */
    IDF("idf");

    private final String apiName;

    Modifier(String apiName) {
      this.apiName = apiName;
    }

    public String apiName() {
      return apiName;
    }
  }

  /** Parameters of a name that is added to a collection. */
  public static SparseVectorParams of(@Nullable Modifier modifier, @Nullable String datatype) {
    return new SparseVectorParams(
        datatype == null ? null : new Index(null, null, null, datatype), modifier);
  }

  /** Whether the index is to be read from its files rather than kept in memory. */
  public boolean isIndexOnDisk() {
    return index != null
        && (index.memory == null ? Boolean.TRUE.equals(index.onDisk) : index.memory.equals("cold"));
  }

  /** These parameters where they say something, the older ones elsewhere. */
  public SparseVectorParams over(SparseVectorParams older) {
    return new SparseVectorParams(
        index != null ? index.over(older.index) : older.index,
        modifier != null ? modifier : older.modifier);
  }

  /** Whether the two say the same of what cannot be changed when the name is there. */
  public boolean isStoredLike(SparseVectorParams other) {
    return isIdf() == other.isIdf() && datatype().equals(other.datatype());
  }

  private String datatype() {
    return index == null || index.datatype == null ? "float32" : index.datatype;
  }

  /** Whether a query's values are multiplied by how rare their indices are. */
  public boolean isIdf() {
    return modifier == Modifier.IDF;
  }
}
