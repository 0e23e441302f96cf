package dev.eddy.query.rest.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.point.PointId;
import dev.eddy.model.query.DistanceMatrix;
import dev.eddy.model.query.ScoredPoint;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What has no number in JSON. */
class PointWriterTest {
  private static String written(AnswerWriter.ResultWriter content) {
    return new String(AnswerWriter.bare(content), StandardCharsets.UTF_8);
  }

  @Test
  void aScoreBeyondAFloatIsNull() {
    for (float score : new float[] {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN}) {
      ScoredPoint hit = new ScoredPoint(PointId.of(1), 7, score, null, null);
      assertThat(written(generator -> PointWriter.hits(generator, List.of(hit))))
          .isEqualTo("[{\"id\":1,\"version\":7,\"score\":null}]");
      DistanceMatrix matrix =
          new DistanceMatrix(
              List.of(PointId.of(1), PointId.of(2)), List.of(new DistanceMatrix.Cell(0, 1, score)));
      assertThat(written(generator -> GroupWriter.pairs(generator, matrix)))
          .contains("\"score\":null");
      assertThat(written(generator -> GroupWriter.offsets(generator, matrix)))
          .contains("\"scores\":[null]");
    }
  }
}
