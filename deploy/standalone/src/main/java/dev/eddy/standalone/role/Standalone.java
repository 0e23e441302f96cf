package dev.eddy.standalone.role;

import dev.eddy.controller.ControllerHost;
import dev.eddy.index.IndexNode;
import dev.eddy.kafka.broker.BrokerSettings;
import dev.eddy.kafka.broker.EmbeddedBroker;
import dev.eddy.kafka.meta.NodeReporter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Everything in one process: broker, index node, ingest, query node with its controller. */
public final class Standalone {

  /** Ports to bind; 0 = any free one. */
  public record Ports(int rest, int grpc, int kafka) {}

  private Standalone() {}

  /**
   * Starts all roles; the ports answer when this returns.
   *
   * @throws RuntimeException with one clear sentence when a port or the data folder is in use
   */
  public static RunningRole start(ProcessSettings settings, Ports ports) {
    return Closing.opening(parts -> start(settings, ports, parts));
  }

  private static RunningRole start(ProcessSettings settings, Ports ports, Closing parts) {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    EmbeddedBroker broker =
        parts.add(
            EmbeddedBroker.start(
                BrokerSettings.of(
                    settings.data().resolve("kafka"),
                    settings.host(),
                    settings.advertised(),
                    ports.kafka())));
    var unused = broker.failure().thenAccept(failure::complete);
    KafkaAccess kafka =
        parts.add(KafkaAccess.open(broker.localBootstrapServers(), settings.cluster()));
    PrometheusRegistry registry = new PrometheusRegistry();
    IndexRole.ReportOnChange onChange = new IndexRole.ReportOnChange();
    IndexNode index = IndexRole.start(settings, kafka, parts, null, registry, onChange);
    NodeSelf self = new NodeSelf(index.nodeId(), index.incarnation(), kafka.view());
    self.hosts(index, null);
    self.queries(null);
    ControllerHost controller =
        QueryRole.startController(kafka, index.nodeId(), index.incarnation(), parts);
    self.ingests(parts.add(IngestRole.start(kafka, index.nodeId())));
    NodeReporter reporter = parts.add(Reporting.start(kafka, self, failure));
    onChange.tell(reporter);
    String addresses =
        QueryRole.open(
            settings,
            kafka,
            self,
            controller,
            index.shardService(),
            List.of(() -> registry.scrape().stream().toList()),
            new QueryRole.Ports(ports.rest(), ports.grpc(), 0),
            parts);
    return new RunningRole(
        "standalone", addresses + ", Kafka " + broker.bootstrapServers(), failure, parts::close);
  }
}
