package dev.eddy.engine.column;

/**
 * The valid part of one file.
 *
 * @param name file name without folder
 * @param entries entries it holds
 * @param lengthBytes valid length; later bytes belong to a later checkpoint or to nobody
 * @param crc32c of the valid bytes
 */
public record ColumnPart(String name, int entries, long lengthBytes, int crc32c) {}
