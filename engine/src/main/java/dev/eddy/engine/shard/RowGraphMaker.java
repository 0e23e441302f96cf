package dev.eddy.engine.shard;

import dev.eddy.engine.multi.MultiField;
import dev.eddy.engine.multi.RowGraph;
import dev.eddy.engine.segment.CodeSettings;
import dev.eddy.engine.segment.LiveSlots;
import dev.eddy.engine.segment.SegmentResources;
import dev.eddy.engine.segment.VectorFieldSettings;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes the graph of a multivector's rows when there are enough of them.
 *
 * @param settings of its rows, by the stem of their files
 * @param stem that begins its files' names
 * @param numbersMax rows that a graph may number
 */
record RowGraphMaker(
    Function<String, VectorFieldSettings> settings,
    SegmentResources resources,
    String stem,
    int numbersMax) {
  private static final String ROWS = "-rows";

  RowGraphMaker(
      Function<String, VectorFieldSettings> settings, SegmentResources resources, String stem) {
    this(settings, resources, stem, RowGraph.NUMBERS_MAX);
  }

  /** What a checkpoint's manifest calls the rows; no vector has the name. */
  static String rowsName(String name) {
    return name + "\0rows";
  }

  /** What a checkpoint's manifest calls their numbers; no vector has the name. */
  static String numbersName(String name) {
    return name + "\0numbers";
  }

  /** As a graph of a checkpoint goes on. */
  VectorFieldSettings restored() {
    return settings.apply(stem + ROWS);
  }

  /** Fewer rows are compared one by one. */
  boolean isDue(MultiField vectors) {
    VectorFieldSettings chosen = restored();
    return chosen.hasGraph() && vectors.liveRows() > chosen.fullScanRows();
  }

  /**
   * The graph of all that is there.
   *
   * @param number of graphs made before: their files may still be read
   */
  RowGraph make(MultiField vectors, LiveSlots live, @Nullable CodeSettings codes, int number) {
    String files = stem + ROWS + vectors.slotCount() + "-" + number;
    return RowGraph.of(vectors, live::isLive, settings.apply(files), resources, codes, numbersMax);
  }
}
