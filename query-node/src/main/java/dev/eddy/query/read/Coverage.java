package dev.eddy.query.read;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What an answer covers.
 *
 * @param positions per shard, the position that answered: every update below it is in the answer
 * @param shardsAnswered equal to {@code shardsAsked} unless the caller asked for a partial answer
 */
public record Coverage(
    UUID collectionId,
    int generation,
    Map<Integer, Long> positions,
    int shardsAsked,
    int shardsAnswered) {
  /** Characters. Common clients take headers of 8 KiB together. */
  static final int TEXT_LENGTH_MAX = 4_000;

  public Coverage {
    positions = Collections.unmodifiableMap(new TreeMap<>(positions));
  }

  /**
   * {@code 0=17,1=20}: the positions as a header carries them; where there are too many, as many as
   * fit, and {@code left_out=3} at the end.
   */
  public String positionsText() {
    StringBuilder text = new StringBuilder();
    int told = 0;
    for (Map.Entry<Integer, Long> each : positions.entrySet()) {
      String more = each.getKey() + "=" + each.getValue();
      if (text.length() + more.length() > TEXT_LENGTH_MAX) {
        separated(text, "left_out=" + (positions.size() - told));
        break;
      }
      separated(text, more);
      told++;
    }
    return text.toString();
  }

  private static void separated(StringBuilder text, String more) {
    if (!text.isEmpty()) {
      text.append(',');
    }
    text.append(more);
  }
}
