package dev.eddy.query.read;

import dev.eddy.model.collection.Distance;
import dev.eddy.model.point.Vector;
import dev.eddy.query.read.HitMerger.Merged;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Maximal marginal relevance (Carbonell and Goldstein, 1998, section 2). Stateless. */
final class Diversity {
  private Diversity() {}

  /**
   * Chooses one hit after the other: the nearest first, then what is near and unlike all that is
   * chosen. Scores stay what they were.
   *
   * @param hits best first
   * @param vectors those of the hits
   * @param diversity 0 = only nearness counts, 1 = only variety
   */
  static List<Merged> choose(
      List<Merged> hits, List<Vector> vectors, Distance distance, float diversity, int limit) {
    int count = hits.size();
    float[] mostLike = new float[count];
    Arrays.fill(mostLike, Float.NEGATIVE_INFINITY);
    boolean[] isChosen = new boolean[count];
    List<Merged> chosen = new ArrayList<>(Math.min(limit, count));
    int next = 0;
    while (next >= 0 && next < count && chosen.size() < limit) {
      isChosen[next] = true;
      chosen.add(hits.get(next));
      int last = next;
      next = -1;
      float best = Float.NEGATIVE_INFINITY;
      for (int i = 0; i < count; i++) {
        if (isChosen[i]) {
          continue;
        }
        mostLike[i] =
            Math.max(
                mostLike[i], VectorMath.similarity(distance, vectors.get(i), vectors.get(last)));
        float worth =
            (1 - diversity) * VectorMath.similarity(distance, hits.get(i).score())
                - diversity * mostLike[i];
        if (next < 0 || worth > best) {
          next = i;
          best = worth;
        }
      }
    }
    return chosen;
  }
}
