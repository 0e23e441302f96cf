package dev.eddy.kafka.meta;

import org.jspecify.annotations.Nullable;

/**
 * One change to be written. Arrays are not copied: do not change them.
 *
 * @param key what it is about
 * @param value the new state, or null to remove the key
 */
public record MetaWrite(byte[] key, byte @Nullable [] value) {}
