package dev.eddy.model.query;

import dev.eddy.model.point.PointId;
import java.util.List;

/**
 * Which points of a sample are near which.
 *
 * @param ids the points that were drawn, ascending
 * @param cells by row, and within it best first
 */
public record DistanceMatrix(List<PointId> ids, List<Cell> cells) {

  /**
   * One neighbour.
   *
   * @param row place of the point in {@link #ids}
   * @param column place of its neighbour
   * @param score the API's score
   */
  public record Cell(int row, int column, float score) {}

  public DistanceMatrix {
    ids = List.copyOf(ids);
    cells = List.copyOf(cells);
  }
}
