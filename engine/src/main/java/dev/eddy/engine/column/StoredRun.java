package dev.eddy.engine.column;

/**
 * What a checkpoint says of a sealed file.
 *
 * @param name file name without folder
 * @param from the first slot of its range
 * @param to one behind the last
 * @param entries entries it holds
 * @param lengthBytes of the whole file
 * @param crc32c of all but its data, whose checksums are in it
 */
public record StoredRun(String name, int from, int to, int entries, long lengthBytes, int crc32c) {}
