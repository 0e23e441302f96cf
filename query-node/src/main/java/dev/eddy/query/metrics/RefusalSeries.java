package dev.eddy.query.metrics;

import dev.eddy.model.limit.Limit;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * How often each limit refused something. Every limit is there from the start, so that its first
 * time shows as a step. Safe from any thread.
 */
final class RefusalSeries {
  private final Map<Limit, LongAdder> rest = adders();
  private final Map<Limit, LongAdder> grpc = adders();

  private static Map<Limit, LongAdder> adders() {
    Map<Limit, LongAdder> adders = new EnumMap<>(Limit.class);
    for (Limit limit : Limit.values()) {
      adders.put(limit, new LongAdder());
    }
    return adders;
  }

  void addRest(Limit limit) {
    rest.getOrDefault(limit, new LongAdder()).increment();
  }

  void addGrpc(Limit limit) {
    grpc.getOrDefault(limit, new LongAdder()).increment();
  }

  MetricSnapshot snapshot() {
    CounterSnapshot.Builder total =
        CounterSnapshot.builder()
            .name("eddy_requests_refused")
            .help("requests and connections beyond a limit");
    add(total, "rest", rest);
    add(total, "grpc", grpc);
    return total.build();
  }

  private static void add(CounterSnapshot.Builder total, String api, Map<Limit, LongAdder> of) {
    of.forEach((limit, count) ->
        total.dataPoint(
            CounterDataPointSnapshot.builder()
                .labels(Labels.of("api", api, "limit", limit.apiName()))
                .value((double) count.sum())
                .build()));
  }
}
