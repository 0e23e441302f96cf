package dev.eddy.model.query;

import dev.eddy.model.filter.Filter;
import org.jspecify.annotations.Nullable;

/**
 * How a search is carried out.
 *
 * @param hnswEf beam, at least 1; null = the engine's choice
 * @param exact brute force
 * @param indexedOnly leave out what is not in a graph yet: the caller asked for a partial answer
 * @param idfCorpus among which points it is counted how rare an index is, null = all; taken up by
 *     planning, so that shards never see it
 * @param quantization what is made of shortened vectors
 */
public record SearchParams(
    @Nullable Integer hnswEf,
    boolean exact,
    boolean indexedOnly,
    @Nullable Filter idfCorpus,
    QuantizationSearch quantization) {
  public static final SearchParams DEFAULT = new SearchParams(null, false, false);

  /** Nothing is said of rarity and shortened vectors. */
  public SearchParams(@Nullable Integer hnswEf, boolean exact, boolean indexedOnly) {
    this(hnswEf, exact, indexedOnly, null, QuantizationSearch.NONE);
  }

  /** The same without what shards never see. */
  public SearchParams forShards() {
    return idfCorpus == null
        ? this
        : new SearchParams(hnswEf, exact, indexedOnly, null, quantization);
  }
}
