package dev.eddy.standalone.role;

import dev.eddy.controller.ControllerHost;
import dev.eddy.controller.ControllerSettings;
import dev.eddy.controller.peer.PeerClients;
import dev.eddy.controller.peer.PeerServer;
import dev.eddy.index.NodeFolder;
import dev.eddy.kafka.client.EndOffsets;
import dev.eddy.kafka.log.KafkaPointLogWriter;
import dev.eddy.kafka.log.WriterSettings;
import dev.eddy.model.shard.ShardService;
import dev.eddy.query.QueryNode;
import dev.eddy.query.grpc.GrpcEdge;
import dev.eddy.query.grpc.GrpcSettings;
import dev.eddy.query.quota.ProcessResources;
import dev.eddy.query.rest.RestEdge;
import dev.eddy.query.rest.RestSettings;
import dev.eddy.standalone.status.StatusReport;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A query node with its controller candidate, as a process of its own or beside other roles. */
public final class QueryRole {

  /** Ports to bind; 0 = any free one. */
  public record Ports(int rest, int grpc, int peer) {}

  private QueryRole() {}

  public static RunningRole startProcess(
      ProcessSettings settings, String bootstrapServers, Ports ports) {
    return Closing.opening(parts -> {
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      NodeFolder node = parts.add(NodeFolder.open(settings.data(), settings.cluster()));
      KafkaAccess kafka = parts.add(KafkaAccess.open(bootstrapServers, settings.cluster()));
      NodeSelf self = new NodeSelf(node.nodeId(), node.incarnation(), kafka.view());
      ControllerHost controller = startController(kafka, node.nodeId(), node.incarnation(), parts);
      PeerServer peers = parts.add(peers(settings, ports, controller));
      self.queries(settings.advertised() + ":" + peers.port());
      parts.add(Reporting.start(kafka, self, failure));
      String addresses = open(settings, kafka, self, controller, null, List.of(), ports, parts);
      return new RunningRole(
          "query-node", addresses + ", peers " + peers.port(), failure, parts::close);
    });
  }

  private static PeerServer peers(
      ProcessSettings settings, Ports ports, ControllerHost controller) {
    try {
      return PeerServer.start(settings.host(), ports.peer(), controller.own());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "port %d on %s for other query nodes can't be bound; is it in use by another process?"
              .formatted(ports.peer(), settings.host()),
          e);
    }
  }

  static ControllerHost startController(
      KafkaAccess kafka, String nodeId, long incarnation, Closing parts) {
    return parts.add(
        ControllerHost.start(
            ControllerSettings.DEFAULT,
            new ControllerHost.Node(nodeId, incarnation),
            kafka.presets(),
            kafka.admin(),
            kafka.view(),
            new PeerClients()));
  }

  /** Opens REST and gRPC and returns their addresses. The node has reported itself before. */
  static String open(
      ProcessSettings settings,
      KafkaAccess kafka,
      NodeSelf self,
      ControllerHost controller,
      @Nullable ShardService localShards,
      List<Supplier<List<MetricSnapshot>>> moreMetrics,
      Ports ports,
      Closing parts) {
    EndOffsets ends = parts.add(new EndOffsets(kafka.presets(), "query-ends"));
    KafkaPointLogWriter writer =
        parts.add(new KafkaPointLogWriter(kafka.presets(), WriterSettings.DEFAULT));
    QueryNode node =
        parts.add(
            new QueryNode(
                new QueryNode.Parts(
                    self.nodeId(),
                    kafka.view(),
                    controller.admin(),
                    localShards,
                    writer,
                    partition -> ends.latest(partition.topic(), partition.partition()),
                    new ProcessResources(settings.data()),
                    new StatusReport(kafka.view(), kafka.admin()),
                    moreMetrics,
                    settings.limits())));
    self.opened(node);
    RestEdge rest =
        node.openRest(
            new RestSettings(
                settings.host(), ports.rest(), settings.limits(), settings.isUsageTold()));
    GrpcEdge grpc =
        node.openGrpc(
            new GrpcSettings(
                settings.host(), ports.grpc(), settings.limits(), settings.isUsageTold()));
    return "REST http://%s:%d, gRPC %s:%d"
        .formatted(settings.advertised(), rest.port(), settings.advertised(), grpc.port());
  }
}
