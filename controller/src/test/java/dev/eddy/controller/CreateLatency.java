package dev.eddy.controller;

import dev.eddy.kafka.client.ClientPresets;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.testkit.TestBroker;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/**
 * Prints how long creating and dropping a collection takes with broker, controller and one node in
 * this JVM. Arguments: rounds (default 200).
 */
final class CreateLatency {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private CreateLatency() {}

  public static void main(String[] arguments) {
    int rounds = arguments.length == 0 ? 200 : Integer.parseInt(arguments[0]);
    ClientPresets presets = TestBroker.shared().freshCluster();
    CollectionSpec spec = CollectionSpec.of(Map.of("", VectorParams.of(4, Distance.DOT)));
    double[] creates = new double[rounds];
    double[] drops = new double[rounds];
    try (TestNode node = TestNode.start(presets, "n1", ControllerSettings.DEFAULT)) {
      node.admin().create("warm", spec, TIMEOUT);
      for (int i = 0; i < rounds; i++) {
        long start = System.nanoTime();
        node.admin().create("c" + i, spec, TIMEOUT);
        long made = System.nanoTime();
        node.admin().delete("c" + i, TIMEOUT);
        creates[i] = (made - start) / 1e6;
        drops[i] = (System.nanoTime() - made) / 1e6;
      }
    }
    print("create", creates);
    print("drop", drops);
    System.exit(0);
  }

  private static void print(String what, double[] millis) {
    Arrays.sort(millis);
    System.out.printf(
        "%s: p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, n %d%n",
        what,
        millis[millis.length / 2],
        millis[millis.length * 9 / 10],
        millis[millis.length * 99 / 100],
        millis.length);
  }
}
