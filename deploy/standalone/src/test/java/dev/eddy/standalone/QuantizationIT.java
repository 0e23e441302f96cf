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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Shortened vectors as a client sees them: by scores, which are estimates where it asks for these.
 */
final class QuantizationIT {
  private static final Pattern SCORE = Pattern.compile("\"score\":(-?[0-9.eE+-]+)");
  private static final Pattern ID = Pattern.compile("\"id\":(\\d+)");
  private static final int DIMENSION = 64;
  private static final int POINTS = 700;

  private final Random random = new Random(7);
  private final String query = vector();

  @Test
  void codesAreMadeChangedAndTakenAwayWhileTheCollectionIsServed(@TempDir Path folder)
      throws Exception {
    try (RunningEddy eddy = RunningEddy.start(folder.resolve("data"))) {
      eddy.ok(
          "PUT",
          "/collections/c",
          "{'vectors':{'size':64,'distance':'Euclid'},'optimizers_config':{'indexing_threshold':10},"
              + "'quantization_config':{'scalar':{'type':'int8','always_ram':true}}}");
      eddy.ok("PUT", "/collections/c/points?wait=true", points());
      String whole = search(eddy, "{'exact':true}");
      List<Double> exact = numbers(SCORE, whole);
      assertThat(exact).hasSize(10);

      Await.until("searches by codes", () -> !estimates(eddy).equals(exact));
      assertThat(estimates(eddy).getFirst())
          .as("estimates are near")
          .isBetween(exact.getFirst() * 0.9, exact.getFirst() * 1.1);
      String found = search(eddy, "{'hnsw_ef':200}");
      assertThat(numbers(ID, found)).isEqualTo(numbers(ID, whole));
      assertThat(numbers(SCORE, found)).as("compared whole").isEqualTo(exact);
      assertThat(numbers(SCORE, search(eddy, "{'quantization':{'ignore':true}}")))
          .allMatch(exact::contains);
      String exactAnyway = "{'exact':true,'quantization':{'rescore':false}}";
      assertThat(numbers(SCORE, search(eddy, exactAnyway))).isEqualTo(exact);

      Await.until(
          "a metric of coded vectors",
          () ->
              metrics(eddy)
                  .anyMatch(line -> line.contains("form=\"coded\"") && line.endsWith(" 700.0")));
      assertThat(metrics(eddy)).anyMatch(line -> line.contains("component=\"codes\""));

      List<Double> ofFourBits = estimates(eddy);
      patch(eddy, "{'binary':{'encoding':'one_bit'}}");
      Await.until("searches by other codes", () -> !estimates(eddy).equals(ofFourBits));
      assertThat(estimates(eddy)).isNotEqualTo(exact);
      String oversampled = "{'hnsw_ef':300,'quantization':{'oversampling':20.0}}";
      assertThat(numbers(ID, search(eddy, oversampled))).isEqualTo(numbers(ID, whole));

      patch(eddy, "'Disabled'");
      Await.until("searches by whole vectors", () -> exact.containsAll(estimates(eddy)));
    }
  }

  private List<Double> estimates(RunningEddy eddy) {
    return numbers(SCORE, search(eddy, "{'hnsw_ef':200,'quantization':{'rescore':false}}"));
  }

  private static Stream<String> metrics(RunningEddy eddy) {
    return eddy.ok("GET", "/metrics", "").lines().filter(line -> line.startsWith("eddy_index_v"));
  }

  private static void patch(RunningEddy eddy, String quantization) {
    eddy.ok("PATCH", "/collections/c", "{'quantization_config':" + quantization + "}");
  }

  private String search(RunningEddy eddy, String params) {
    String body = "{'query':" + query + ",'limit':10,'params':" + params + "}";
    return eddy.ok("POST", "/collections/c/points/query", body);
  }

  private String points() {
    List<String> points = new ArrayList<>();
    for (int i = 1; i <= POINTS; i++) {
      points.add("{'id':%d,'vector':%s}".formatted(i, vector()));
    }
    return "{'points':" + points + "}";
  }

  private String vector() {
    List<String> numbers = new ArrayList<>();
    for (int i = 0; i < DIMENSION; i++) {
      numbers.add(String.format(Locale.ROOT, "%.4f", random.nextGaussian()));
    }
    return numbers.toString();
  }

  private static List<Double> numbers(Pattern pattern, String body) {
    List<Double> numbers = new ArrayList<>();
    Matcher found = pattern.matcher(body);
    while (found.find()) {
      numbers.add(Double.valueOf(found.group(1)));
    }
    return numbers;
  }
}
