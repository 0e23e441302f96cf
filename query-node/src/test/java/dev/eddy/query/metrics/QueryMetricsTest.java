package dev.eddy.query.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.query.world.World;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class QueryMetricsTest {

  @Test
  void theContractsNamesAreThere() {
    try (World world = new World(1)) {
      Generation generation =
          world.create("c", CollectionSpec.of(Map.of("", VectorParams.of(2, Distance.DOT))));
      NodeReport.ShardReport shard =
          new NodeReport.ShardReport(generation.shard(0), "SERVING", 7, 9, 1_500, 42, "");
      world.view.reports(
          List.of(
              new NodeReport(
                  "node-0",
                  1,
                  Set.of(NodeReport.Role.INDEX),
                  null,
                  null,
                  0,
                  List.of(shard),
                  new NodeReport.IngestReport(5, 4, 3, 2, List.of(14L)))));
      QueryMetrics metrics = new QueryMetrics(world.view, "1.19.0", List.of());
      metrics.restAnswered("PUT", "/collections/{collection_name}/points", "c", 200, 2_000_000);
      metrics.restAnswered("PUT", "/collections/{collection_name}/points", "d", 200, 4_000_000);
      metrics.restAnswered("GET", "/telemetry", "", 200, 1);
      metrics.grpcAnswered("/qdrant.Points/Upsert", "c", 0, 1_000_000);
      metrics.writeVisible(1_000_000);

      assertThat(metrics.exposition(false, false).lines())
          .contains(
              "app_info{name=\"qdrant\",version=\"1.19.0\"} 1",
              "collections_total 1.0",
              "collection_points{id=\"c\"} 42.0",
              "rest_responses_total{endpoint=\"/collections/{collection_name}/points\",method=\"PUT\",status=\"200\"} 2.0",
              "rest_responses_avg_duration_seconds{endpoint=\"/collections/{collection_name}/points\",method=\"PUT\",status=\"200\"} 0.003",
              "grpc_responses_total{endpoint=\"/qdrant.Points/Upsert\",status=\"0\"} 1.0",
              "eddy_shard_lag_records{collection=\"c\",node=\"node-0\",shard=\"0\"} 2.0",
              "eddy_shard_staleness_seconds{collection=\"c\",node=\"node-0\",shard=\"0\"} 1.5",
              "eddy_inbox_accepted_total{node=\"node-0\"} 5.0",
              "eddy_inbox_dead_letters_total{node=\"node-0\"} 4.0",
              "eddy_inbox_discarded_total{node=\"node-0\"} 3.0",
              "eddy_inbox_declared_losses_total{node=\"node-0\"} 2.0",
              "eddy_query_write_visible_seconds_count 1")
          .noneMatch(line -> line.contains("telemetry"));
      assertThat(metrics.exposition(true, false).lines())
          .anyMatch(line ->
              line.startsWith("rest_responses_total{collection=\"d\"") && line.endsWith(" 1.0"));
    }
  }
}
