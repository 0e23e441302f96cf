package dev.eddy.query.metrics;

import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.ShardReport;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What the cluster view shows: collections, their points, and how far each replica is. */
final class ClusterSeries {
  private ClusterSeries() {}

  static List<MetricSnapshot> snapshots(ClusterView view) {
    ClusterState state = view.state();
    Map<UUID, String> names = new HashMap<>();
    for (String name : state.names()) {
      state.activeNamed(name).map(Generation::collectionId).ifPresent(id -> names.put(id, name));
    }
    GaugeSnapshot.Builder lagRecords = gauge("eddy_shard_lag_records", "records to be applied");
    GaugeSnapshot.Builder lagSeconds =
        gauge("eddy_shard_staleness_seconds", "log time to be applied");
    GaugeSnapshot.Builder positions = gauge("eddy_shard_applied_position", "next offset to apply");
    Map<String, Map<Integer, Long>> points = new HashMap<>();
    for (NodeReport report : view.liveNodes()) {
      for (ShardReport shard : report.shards()) {
        String name = names.get(shard.shard().collectionId());
        if (name == null) {
          continue;
        }
        Labels labels =
            Labels.of(
                "collection",
                name,
                "shard",
                Integer.toString(shard.shard().shard()),
                "node",
                report.nodeId());
        lagRecords.dataPoint(point(labels, shard.lagRecords()));
        lagSeconds.dataPoint(point(labels, shard.staleMs() / 1e3));
        positions.dataPoint(point(labels, shard.position()));
        points
            .computeIfAbsent(name, key -> new HashMap<>())
            .merge(shard.shard().shard(), shard.points(), Math::max);
      }
    }
    GaugeSnapshot.Builder collectionPoints =
        gauge("collection_points", "approximate amount of points per collection");
    names
        .values()
        .forEach(name ->
            collectionPoints.dataPoint(
                point(
                    Labels.of("id", name),
                    points.getOrDefault(name, Map.of()).values().stream()
                        .mapToLong(Long::longValue)
                        .sum())));
    return List.of(
        gauge("collections_total", "number of collections")
            .dataPoint(point(Labels.EMPTY, names.size()))
            .build(),
        collectionPoints.build(),
        lagRecords.build(),
        lagSeconds.build(),
        positions.build());
  }

  static GaugeSnapshot.Builder gauge(String name, String help) {
    return GaugeSnapshot.builder().name(name).help(help);
  }

  private static GaugeDataPointSnapshot point(Labels labels, long value) {
    return point(labels, (double) value);
  }

  private static GaugeDataPointSnapshot point(Labels labels, double value) {
    return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }
}
