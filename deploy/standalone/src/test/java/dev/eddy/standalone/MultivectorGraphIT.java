package dev.eddy.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.testkit.Await;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Multivectors with a graph as a client sees them, before and after a restart. */
final class MultivectorGraphIT {
  private static final Pattern ID = Pattern.compile("\"id\":(\\d+)");
  private static final Pattern HIT = Pattern.compile("\\{\"id\":\\d+,[^}]*\"score\":[^,}]+");
  private static final int DIMENSION = 32;

  /** So many that searches with a narrow beam cost less than comparing all. */
  private static final int POINTS = 15_000;

  private static final int POINTS_AT_ONCE = 3_000;
  private static final int QUERIES = 20;

  private final Random random = new Random(11);

  @Test
  void theGraphFindsWhatExactSearchesFind(@TempDir Path folder) throws Exception {
    try (RunningEddy eddy = RunningEddy.start(folder.resolve("data"))) {
      eddy.ok(
          "PUT",
          "/collections/c",
          "{'vectors':{'size':32,'distance':'Cosine','multivector_config':{'comparator':'max_sim'},"
              + "'quantization_config':{'scalar':{'type':'int8'}}},"
              + "'optimizers_config':{'indexing_threshold':10}}");
      write(eddy, POINTS);
      check(eddy);
      write(eddy, POINTS_AT_ONCE);
      check(eddy);
    }
    try (RunningEddy eddy = RunningEddy.start(folder.resolve("data"))) {
      check(eddy);
    }
  }

  private void write(RunningEddy eddy, int points) {
    for (int from = 1; from <= points; from += POINTS_AT_ONCE) {
      String body = points(from, from + POINTS_AT_ONCE - 1);
      eddy.ok("PUT", "/collections/c/points?wait=true", body);
    }
  }

  private void check(RunningEddy eddy) {
    Await.until(
        "all multivectors in the graph",
        () -> {
          String info = eddy.ok("GET", "/collections/c", "");
          return info.contains("\"status\":\"green\"")
              && info.contains("\"indexed_vectors_count\":" + POINTS);
        });
    for (String filter :
        new String[] {"", ",'filter':{'must':[{'key':'n','range':{'lt':14000}}]}"}) {
      int found = 0;
      for (int i = 0; i < QUERIES; i++) {
        String query = multivector();
        String exact = search(eddy, query, filter, "{'exact':true}");
        // With so narrow a beam few of the points are compared: the graph decides which.
        String near = search(eddy, query, filter, "{'hnsw_ef':18}");
        List<String> ids = all(ID, near);
        assertThat(ids).hasSize(10).doesNotHaveDuplicates();
        found += (int) ids.stream().filter(all(ID, exact)::contains).count();
        List<String> exactHits = all(HIT, exact);
        assertThat(all(HIT, near))
            .filteredOn(hit -> isIn(hit, exact))
            .allMatch(exactHits::contains);
      }
      assertThat(found).as("hits of exact searches, of %d", 10 * QUERIES).isGreaterThan(190);
    }
  }

  private static boolean isIn(String hit, String exact) {
    return all(ID, exact).contains(all(ID, hit).getFirst());
  }

  private static String search(RunningEddy eddy, String query, String filter, String params) {
    String body = "{'query':" + query + ",'limit':10,'params':" + params + filter + "}";
    return eddy.ok("POST", "/collections/c/points/query", body);
  }

  private String points(int from, int to) {
    List<String> points = new ArrayList<>();
    for (int i = from; i <= to; i++) {
      points.add("{'id':%d,'vector':%s,'payload':{'n':%d}}".formatted(i, multivector(), i));
    }
    return "{'points':" + points + "}";
  }

  private String multivector() {
    List<String> rows = new ArrayList<>();
    int topic = random.nextInt(500);
    for (int row = 0; row < 4; row++) {
      Random centre = new Random(10 * topic + random.nextInt(8));
      List<String> numbers = new ArrayList<>();
      for (int i = 0; i < DIMENSION; i++) {
        double number = centre.nextGaussian() + 0.5 * random.nextGaussian();
        numbers.add(String.format(Locale.ROOT, "%.4f", number));
      }
      rows.add(numbers.toString());
    }
    return rows.toString();
  }

  private static List<String> all(Pattern pattern, String body) {
    List<String> all = new ArrayList<>();
    Matcher found = pattern.matcher(body);
    while (found.find()) {
      all.add(found.group(found.groupCount()));
    }
    return all;
  }
}
