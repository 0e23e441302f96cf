package dev.eddy.query.metrics;

import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.IngestReport;
import dev.eddy.model.cluster.NodeReport.ShardReport;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What the cluster view shows: collections, their points, how far each replica is, the inbox. */
final class ClusterSeries {
  private ClusterSeries() {}

  static List<MetricSnapshot> snapshots(ClusterView view) {
    Map<UUID, String> names = names(view.state());
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
    List<MetricSnapshot> snapshots = new ArrayList<>(inbox(view.liveNodes()));
    snapshots.add(
        gauge("cluster_enabled", "whether clients manage peers")
            .dataPoint(point(Labels.EMPTY, 0))
            .build());
    snapshots.add(
        gauge("collections_total", "number of collections")
            .dataPoint(point(Labels.EMPTY, names.size()))
            .build());
    snapshots.add(collectionPoints.build());
    snapshots.add(lagRecords.build());
    snapshots.add(lagSeconds.build());
    snapshots.add(positions.build());
    return snapshots;
  }

  /** Names of the active collections by their ids. */
  static Map<UUID, String> names(ClusterState state) {
    Map<UUID, String> names = new HashMap<>();
    for (String name : state.names()) {
      state.activeNamed(name).map(Generation::collectionId).ifPresent(id -> names.put(id, name));
    }
    return names;
  }

  /** What became of the inbox's records, by the nodes that work on it, since each was started. */
  private static List<MetricSnapshot> inbox(List<NodeReport> nodes) {
    CounterSnapshot.Builder accepted = counter("eddy_inbox_accepted", "records taken into logs");
    CounterSnapshot.Builder deadLetters =
        counter("eddy_inbox_dead_letters", "records refused, each with a dead letter");
    CounterSnapshot.Builder discarded =
        counter("eddy_inbox_discarded", "records of a collection dropped since they arrived");
    CounterSnapshot.Builder losses =
        counter("eddy_inbox_declared_losses", "times that acknowledged records were found lost");
    for (NodeReport report : nodes) {
      IngestReport inbox = report.ingest();
      if (inbox != null) {
        Labels labels = Labels.of("node", report.nodeId());
        accepted.dataPoint(count(labels, inbox.accepted()));
        deadLetters.dataPoint(count(labels, inbox.deadLetters()));
        discarded.dataPoint(count(labels, inbox.discarded()));
        losses.dataPoint(count(labels, inbox.declaredLosses()));
      }
    }
    return List.of(accepted.build(), deadLetters.build(), discarded.build(), losses.build());
  }

  private static CounterSnapshot.Builder counter(String name, String help) {
    return CounterSnapshot.builder().name(name).help(help);
  }

  private static CounterDataPointSnapshot count(Labels labels, long value) {
    return CounterDataPointSnapshot.builder().labels(labels).value(value).build();
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
