package dev.eddy.query.metrics;

import java.time.Instant;

/**
 * The answers of one endpoint with one status since the process started.
 *
 * @param endpoint of REST with its method in front: {@code PUT /collections/{collection_name}}
 * @param collection name as asked; empty where it is not told apart
 * @param count at least 1
 * @param last when the last one was given
 */
public record ResponseCount(
    boolean isRest,
    String endpoint,
    String collection,
    int status,
    long count,
    long totalNanos,
    long minNanos,
    long maxNanos,
    Instant last) {}
