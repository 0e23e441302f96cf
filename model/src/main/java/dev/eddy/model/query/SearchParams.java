package dev.eddy.model.query;

import org.jspecify.annotations.Nullable;

/**
 * How a search is carried out.
 *
 * @param hnswEf beam, at least 1; null = the engine's choice
 * @param exact brute force
 * @param indexedOnly leave out what is not in a graph yet: the caller asked for a partial answer
 */
public record SearchParams(@Nullable Integer hnswEf, boolean exact, boolean indexedOnly) {
  public static final SearchParams DEFAULT = new SearchParams(null, false, false);
}
