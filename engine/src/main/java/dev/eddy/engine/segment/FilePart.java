package dev.eddy.engine.segment;

/**
 * The valid part of one file.
 *
 * @param name file name without folder
 * @param rows rows or nodes it holds
 * @param lengthBytes valid length; later bytes belong to a later checkpoint or to nobody
 * @param crc32c of the valid bytes
 */
public record FilePart(String name, int rows, long lengthBytes, int crc32c) {}
