package dev.eddy.kafka.meta;

/**
 * One report of a node. Arrays are not copied: do not change them.
 *
 * @param key the node's id
 * @param value the report
 * @param timestampMs milliseconds since 1970 as the node's clock had it; for showing, never for
 *     deciding
 */
public record NodeReportEntry(byte[] key, byte[] value, long timestampMs) {}
