package dev.eddy.kafka.meta;

import org.jspecify.annotations.Nullable;

/**
 * One record of the metadata topic. Arrays are not copied: do not change them.
 *
 * @param offset the record's place; the number of the change
 * @param key what it is about; the latest record of a key counts
 * @param value the new state, or null if the key is removed
 * @param timestampMs milliseconds since 1970 as set by the writer
 */
public record MetaEntry(long offset, byte[] key, byte @Nullable [] value, long timestampMs) {}
