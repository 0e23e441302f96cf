package dev.eddy.engine.field;

/**
 * A file of stored indexes.
 *
 * @param name file name without folder
 * @param lengthBytes of the whole file
 * @param crc32c of the whole file
 */
public record IndexPart(String name, long lengthBytes, int crc32c) {}
