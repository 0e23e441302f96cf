package dev.eddy.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.kernel.ElementType;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.kernel.Normalizer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What fills a graph's places helps searches, and nothing else sees it. */
final class LinkFillerTest {
  private static final int ROWS = 3_000;
  private static final int DIMENSION = 24;
  private static final int K = 10;
  private static final GraphParams PARAMS = new GraphParams(8, 48);

  private final SearchScratch scratch = new SearchScratch();

  @ParameterizedTest
  @EnumSource(Metric.class)
  void searchesFindMoreWithTheSameBeamAndLinksStay(Metric metric) {
    Random random = new Random(7);
    HeapRows rows = rows(metric, ROWS, random);
    HeapLinks links = linked(rows);
    List<int[]> before = all(links, links);
    List<float[]> queries = IntStream.range(0, 200).mapToObj(_ -> vector(metric, random)).toList();
    int unfilled = found(queries, rows, links);

    fill(rows, links, metric);
    assertThat(all(links, links)).usingElementComparator(Arrays::compare).isEqualTo(before);
    assertThat(found(queries, rows, links)).as("unfilled %d", unfilled).isGreaterThan(unfilled);
  }

  @Test
  void placesHoldOtherNodesOnce() {
    HeapRows rows = rows(Metric.EUCLID, ROWS, new Random(3));
    HeapLinks links = linked(rows);
    fill(rows, links, Metric.EUCLID);
    List<int[]> linked = all(links, links);
    List<int[]> filled = all(links, links.filled());
    for (int node = 0; node < ROWS; node++) {
      int self = node;
      assertThat(filled.get(node))
          .as("node %d", node)
          .startsWith(linked.get(node))
          .doesNotHaveDuplicates()
          .doesNotContain(self);
    }
    LinkFiller again = new LinkFiller(rows, links, Metric.EUCLID);
    for (int node = 0; node < ROWS; node++) {
      again.fill(node, scratch);
    }
    assertThat(again.hasFilledLinks()).as("filled before").isFalse();
  }

  @Test
  void linksTakePlacesBack() {
    HeapRows rows = rows(Metric.EUCLID, ROWS, new Random(5));
    HeapLinks links = linked(rows);
    fill(rows, links, Metric.EUCLID);
    int[] ids = new int[links.maxLinks()];
    int node =
        IntStream.range(0, ROWS).filter(n -> links.links(0, n, ids) < 8).findFirst().getAsInt();
    int linked = links.links(0, node, ids);
    int filled = links.filled().links(0, node, ids);
    synchronized (HeapLinks.lockOf(node)) {
      assertThat(links.add(0, node, ROWS - 1)).isTrue();
    }
    assertThat(links.links(0, node, ids)).isEqualTo(linked + 1);
    assertThat(ids[linked]).isEqualTo(ROWS - 1);
    assertThat(links.filled().links(0, node, ids)).isEqualTo(Math.max(filled, linked + 1));

    synchronized (HeapLinks.lockOf(node)) {
      links.set(0, node, new int[] {1, 2}, 2);
    }
    assertThat(links.filled().links(0, node, ids)).as("what filled is gone").isEqualTo(2);
  }

  private HeapLinks linked(HeapRows rows) {
    HeapLinks links = new HeapLinks(PARAMS);
    links.reserve(rows.count());
    GraphBuilder builder = new GraphBuilder(rows, links, PARAMS);
    for (int node = 0; node < rows.count(); node++) {
      builder.insert(node, scratch);
    }
    return links;
  }

  private void fill(HeapRows rows, HeapLinks links, Metric metric) {
    LinkFiller filler = new LinkFiller(rows, links, metric);
    for (int node = 0; node < rows.count(); node++) {
      filler.fill(node, scratch);
    }
    assertThat(filler.hasFilledLinks()).isTrue();
  }

  private static List<int[]> all(HeapLinks links, GraphView read) {
    return IntStream.range(0, ROWS)
        .mapToObj(node -> {
          int[] ids = new int[links.maxLinks()];
          int count = read.links(0, node, ids);
          return Arrays.copyOf(ids, count);
        })
        .toList();
  }

  private int found(List<float[]> queries, HeapRows rows, HeapLinks links) {
    int found = 0;
    for (float[] query : queries) {
      Set<Integer> exact = exact(query, rows);
      GraphSearcher.search(links, rows, query, K, null, WalkLimits.NONE, scratch);
      for (int i = 0; i < Math.min(K, scratch.results()); i++) {
        found += exact.contains(scratch.ordinalAt(i)) ? 1 : 0;
      }
    }
    return found;
  }

  private static Set<Integer> exact(float[] query, HeapRows rows) {
    int[] ids = IntStream.range(0, ROWS).toArray();
    float[] scores = new float[ROWS + 3];
    rows.score(query, 0, ids, 0, ROWS, scores);
    return new HashSet<>(
        IntStream.range(0, ROWS)
            .boxed()
            .sorted(Comparator.comparingDouble(id -> -scores[id]))
            .limit(K)
            .toList());
  }

  private static HeapRows rows(Metric metric, int count, Random random) {
    HeapRows rows = HeapRows.of(metric, DIMENSION, ElementType.FLOAT32);
    for (int i = 0; i < count; i++) {
      rows.append(vector(metric, random));
    }
    return rows;
  }

  private static float[] vector(Metric metric, Random random) {
    float[] vector = new float[32];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    if (metric == Metric.COSINE) {
      Normalizer.normalize(vector);
    }
    return vector;
  }
}
