package dev.eddy.engine.segment;

/**
 * Numbers about a field at one moment.
 *
 * @param rows rows of all segments, dead ones included
 * @param deadRows rows noted dead and not dropped yet
 * @param linkedRows rows that graphs reach
 * @param unlinkedRows rows that wait for linking (0 for segments small enough to be scanned)
 * @param segments segments that hold rows
 * @param heapBytes heap held by rows, links and slots
 * @param fileBytes bytes of the field's files in the live folder
 * @param dataBytes what the live vectors' numbers take
 * @param forms by what rows are searched
 */
public record VectorFieldStats(
    long rows,
    long deadRows,
    long linkedRows,
    long unlinkedRows,
    int segments,
    long heapBytes,
    long fileBytes,
    long dataBytes,
    FormStats forms) {}
