package dev.eddy.engine.segment;

import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.shard.VectorForms;

/**
 * Numbers about a field at one moment.
 *
 * @param rows rows of all segments, dead ones included
 * @param deadRows rows noted dead and not dropped yet
 * @param linkedRows rows that graphs reach
 * @param unlinkedRows rows that wait for linking (0 for segments small enough to be scanned)
 * @param segments segments that hold rows
 * @param dataBytes what the live vectors' numbers take
 * @param forms by what rows are searched
 * @param memory heap, and the field's files in the live folder
 * @param optionalBytes of that heap what the node's memory has counted already: what only makes
 *     searches faster, and what a rebuild reserved
 */
public record VectorFieldStats(
    long rows,
    long deadRows,
    long linkedRows,
    long unlinkedRows,
    int segments,
    long dataBytes,
    VectorForms forms,
    MemoryUse memory,
    long optionalBytes) {
  /** Bytes of the field's files in the live folder. */
  public long fileBytes() {
    return memory.fileBytes();
  }

  /** Adds numbers of several fields, or of the parts of one, up. Not thread-safe. */
  public static final class Sum {
    private final MemoryUse.Sum memory = new MemoryUse.Sum();
    private VectorForms forms = VectorForms.NONE;
    private long rows;
    private long deadRows;
    private long linkedRows;
    private long unlinkedRows;
    private int segments;
    private long dataBytes;
    private long optionalBytes;

    /** Adds all of a field. */
    public void add(VectorFieldStats field) {
      rows += field.rows;
      deadRows += field.deadRows;
      linkedRows += field.linkedRows;
      unlinkedRows += field.unlinkedRows;
      segments += field.segments;
      dataBytes += field.dataBytes;
      forms = forms.plus(field.forms);
      memory.add(field.memory);
      optionalBytes += field.optionalBytes;
    }

    /** Adds a segment of a field with these settings, whose segments are to have this policy. */
    void add(Segment segment, VectorFieldSettings settings, FusedPolicy policy) {
      int live = segment.rowCount() - segment.deadRows();
      rows += segment.rowCount();
      deadRows += segment.deadRows();
      linkedRows += segment.linkedRows();
      unlinkedRows += segment instanceof HeapSegment heap ? heap.unlinkedRows() : 0;
      segments += segment.rowCount() > 0 ? 1 : 0;
      dataBytes += (long) live * settings.rowBytes();
      forms = forms.plus(SegmentForms.of(segment, settings, policy));
      segment.addTo(memory);
      optionalBytes += segment.optionalBytes();
    }

    /** Adds memory, of whose heap the node's memory has counted so much already. */
    void add(MemoryUse more, long countedBytes) {
      memory.add(more);
      optionalBytes += countedBytes;
    }

    /** Where memory is added that no segment holds. */
    public MemoryUse.Sum memory() {
      return memory;
    }

    /** What was added so far. */
    public VectorFieldStats done() {
      return new VectorFieldStats(
          rows,
          deadRows,
          linkedRows,
          unlinkedRows,
          segments,
          dataBytes,
          forms,
          memory.done(),
          optionalBytes);
    }
  }
}
