package dev.eddy.engine.segment;

import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.graph.GraphView;
import dev.eddy.engine.graph.Rows;
import dev.eddy.engine.quantization.CodeTable;
import dev.eddy.engine.quantization.RowCodes;
import dev.eddy.model.shard.MemoryUse;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one field and at most one graph. Reference-counted: one reference is the field's, one
 * each snapshot's and checkpoint's; the last release frees files. Reads are safe from any thread
 * that holds a reference.
 */
sealed interface Segment permits HeapSegment, SealedSegment {
  /** Rows appended so far. */
  int rowCount();

  /** The rows. */
  Rows rows();

  /**
   * Slot of each ordinal, ascending where there is no {@link #slotOrder}; at least as long as the
   * row count read before.
   */
  int[] slots();

  /** Where rows are by slot; null = they lie in that order. */
  @Nullable SlotOrder slotOrder();

  /** How the graph is built; of a sealed segment without one, none. */
  GraphParams graphParams();

  /** When the graph gets a speed form. */
  FusedPolicy fusedPolicy();

  /** The graph; null = scan. */
  @Nullable GraphView graph();

  /** The speed form of the graph; null = there is none now. */
  @Nullable FusedGraph fusedGraph();

  /** Codes of all rows; null = there are none now. */
  @Nullable RowCodes rowCodes();

  /** Each row's own code, where the field has such; null = there are none now. */
  @Nullable CodeTable codeTable();

  /** The same to read from, until it is {@linkplain SegmentCodes#giveBack given back}. */
  @Nullable CodeTable borrowCodes();

  /** From now on the rows are to have these codes; null = none. Writer only. */
  void code(@Nullable CodeSettings codes);

  /** Takes over finished background work and starts what is due. Writer only. */
  void maintain();

  /** Whether {@link #maintain} is to be called again soon. Writer only. */
  boolean isBusy();

  /** Ends background work; what is there stays. Writer only. */
  void stop();

  /** Rows that the graph reaches. */
  int linkedRows();

  /** Counts a superseded or deleted row. Writer only. */
  void noteDead();

  /** Corrects the count of dead rows. Writer only. */
  void setDeadRows(int count);

  /** Rows noted dead. */
  int deadRows();

  /** Takes a reference; the caller holds one or is the writer. */
  void retain();

  /** Gives a reference back. */
  void release();

  /** Whether the speed form was given up, for now or for good. Writer only. */
  boolean isFusedGivenUp();

  /** Adds bytes on the heap and in the live folder. Writer only. */
  void addTo(MemoryUse.Sum memory);

  /** Bytes on the heap that only make searches faster: those taken of a budget. Writer only. */
  long optionalBytes();
}
