package dev.eddy.query.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/** The answers of one edge by endpoint, status and collection. Safe from any thread. */
final class ResponseSeries {
  /** Beyond so many series, new collections are counted without their name. */
  private static final int SERIES_MAX = 10_000;

  private final String prefix;
  private final ConcurrentHashMap<Key, ResponseStat> stats = new ConcurrentHashMap<>();

  /**
   * One series.
   *
   * @param method empty where the endpoint says it all
   */
  record Key(String method, String endpoint, int status, String collection)
      implements Comparable<Key> {
    Key withoutCollection() {
      return new Key(method, endpoint, status, "");
    }

    @Override
    public int compareTo(Key other) {
      return toString().compareTo(other.toString());
    }

    Labels labels(boolean perCollection) {
      List<String> names = new ArrayList<>();
      List<String> values = new ArrayList<>();
      if (!method.isEmpty()) {
        names.add("method");
        values.add(method);
      }
      names.add("endpoint");
      values.add(endpoint);
      names.add("status");
      values.add(Integer.toString(status));
      if (perCollection) {
        names.add("collection");
        values.add(collection);
      }
      return Labels.of(names, values);
    }
  }

  /** Creates one for {@code rest} or {@code grpc}. */
  ResponseSeries(String edge) {
    prefix = edge + "_responses";
  }

  void add(Key key, long nanos) {
    ResponseStat stat = stats.get(key);
    if (stat == null) {
      Key kept = stats.size() < SERIES_MAX ? key : key.withoutCollection();
      stat = stats.computeIfAbsent(kept, _ -> new ResponseStat());
    }
    stat.add(nanos);
  }

  List<ResponseCount> counts(boolean perCollection) {
    List<ResponseCount> counts = new ArrayList<>();
    sums(perCollection)
        .forEach((key, sum) ->
            counts.add(
                new ResponseCount(
                    !key.method().isEmpty(),
                    (key.method() + " " + key.endpoint()).strip(),
                    key.collection(),
                    key.status(),
                    sum.count(),
                    sum.sumNanos(),
                    sum.minNanos(),
                    sum.maxNanos(),
                    Instant.ofEpochMilli(sum.lastMillis()))));
    return counts;
  }

  private Map<Key, ResponseStat.Sum> sums(boolean perCollection) {
    Map<Key, ResponseStat.Sum> sums = new TreeMap<>();
    stats.forEach((key, stat) ->
        sums.merge(
            perCollection ? key : key.withoutCollection(), stat.sum(), ResponseStat.Sum::plus));
    return sums;
  }

  List<MetricSnapshot> snapshots(boolean perCollection) {
    Map<Key, ResponseStat.Sum> sums = sums(perCollection);
    if (sums.isEmpty()) {
      return List.of();
    }
    CounterSnapshot.Builder total =
        CounterSnapshot.builder().name(prefix).help("number of responses");
    HistogramSnapshot.Builder durations =
        HistogramSnapshot.builder()
            .name(prefix + "_duration_seconds")
            .help("response duration histogram");
    sums.forEach((key, sum) -> {
      Labels labels = key.labels(perCollection);
      total.dataPoint(
          CounterDataPointSnapshot.builder().labels(labels).value((double) sum.count()).build());
      durations.dataPoint(histogram(labels, sum));
    });
    return List.of(
        total.build(),
        gauge("avg", sums, perCollection, sum -> sum.sumNanos() / 1e9 / sum.count()),
        gauge("min", sums, perCollection, sum -> sum.minNanos() / 1e9),
        gauge("max", sums, perCollection, sum -> sum.maxNanos() / 1e9),
        durations.build());
  }

  private GaugeSnapshot gauge(
      String statistic,
      Map<Key, ResponseStat.Sum> sums,
      boolean perCollection,
      ToDoubleFunction<ResponseStat.Sum> value) {
    GaugeSnapshot.Builder gauge =
        GaugeSnapshot.builder()
            .name(prefix + "_" + statistic + "_duration_seconds")
            .help(statistic + " response duration");
    sums.forEach((key, sum) ->
        gauge.dataPoint(
            GaugeDataPointSnapshot.builder()
                .labels(key.labels(perCollection))
                .value(value.applyAsDouble(sum))
                .build()));
    return gauge.build();
  }

  static HistogramDataPointSnapshot histogram(Labels labels, ResponseStat.Sum sum) {
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    for (int i = 0; i < ResponseStat.BOUNDS_SECONDS.length; i++) {
      buckets.bucket(ResponseStat.BOUNDS_SECONDS[i], sum.buckets()[i]);
    }
    buckets.bucket(Double.POSITIVE_INFINITY, sum.buckets()[ResponseStat.BOUNDS_SECONDS.length]);
    return HistogramDataPointSnapshot.builder()
        .labels(labels)
        .classicHistogramBuckets(buckets.build())
        .sum(sum.sumNanos() / 1e9)
        .build();
  }
}
