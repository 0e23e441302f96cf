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
  public Coverage {
    positions = Collections.unmodifiableMap(new TreeMap<>(positions));
  }

  /** {@code 0=17,1=20}: the positions as a header carries them. */
  public String positionsText() {
    StringBuilder text = new StringBuilder();
    positions.forEach((shard, position) -> {
      if (!text.isEmpty()) {
        text.append(',');
      }
      text.append(shard).append('=').append(position);
    });
    return text.toString();
  }
}
