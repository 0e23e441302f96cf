package dev.eddy.model.query;

import org.jspecify.annotations.Nullable;

/**
 * Where the vectors of example ids are read.
 *
 * @param collection name or alias
 * @param vector name of the vector there; null = as the query's
 */
public record LookupLocation(String collection, @Nullable String vector) {}
