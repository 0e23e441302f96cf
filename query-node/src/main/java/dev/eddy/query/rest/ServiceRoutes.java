package dev.eddy.query.rest;

import dev.eddy.model.cluster.QuotaConfig;
import dev.eddy.query.collection.CollectionService;
import dev.eddy.query.rest.json.ClusterStatusWriter;
import dev.eddy.query.rest.json.MemoryWriter;
import dev.eddy.query.rest.json.QuotaReader;
import dev.eddy.query.rest.json.QuotaWriter;
import dev.eddy.query.rest.json.TelemetryWriter;
import dev.eddy.query.service.ContractVersion;
import dev.eddy.query.service.NodeService;
import dev.eddy.query.service.Standalone;
import dev.eddy.query.service.TelemetryOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Who is there, is it well, and the parts of a cluster's face that a node alone can show. */
final class ServiceRoutes {
  private static final String COLLECTION = "/collections/{collection_name}";
  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final CollectionService collections;
  private final NodeService node;

  ServiceRoutes(CollectionService collections, NodeService node) {
    this.collections = collections;
    this.node = node;
  }

  List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    routes.add(Route.of("GET", "/", ServiceRoutes::version));
    routes.add(Route.unbounded("GET", "/healthz", ServiceRoutes::health));
    routes.add(Route.unbounded("GET", "/livez", ServiceRoutes::health));
    routes.add(Route.unbounded("GET", "/readyz", this::readiness));
    routes.add(Route.unbounded("GET", "/metrics", this::metrics));
    routes.add(Route.of("GET", "/telemetry", this::telemetry));
    routes.add(Route.of("GET", COLLECTION + "/optimizations", this::optimizations));
    routes.add(Route.of("GET", COLLECTION + "/memory", this::memory));
    routes.add(Route.of("GET", "/cluster", ServiceRoutes::cluster));
    routes.add(Route.of("GET", "/issues", ServiceRoutes::issues));
    routes.add(Route.of("DELETE", "/issues", Reply::okTrue));
    routes.add(Route.of("GET", "/quotas", this::quotas));
    routes.add(Route.of("PUT", "/quotas", this::setQuotas));
    routes.add(Route.of("GET", "/eddy/status", this::status));
    for (String[] refused : STANDALONE) {
      routes.add(Route.of(refused[0], refused[1], ServiceRoutes::standalone));
    }
    return routes;
  }

  private static final String[][] STANDALONE = {
    {"GET", "/cluster/telemetry"},
    {"POST", "/cluster/recover"},
    {"DELETE", "/cluster/peer/{peer_id}"},
    {"GET", "/cluster/metadata/keys"},
    {"GET", "/cluster/metadata/keys/{key}"},
    {"PUT", "/cluster/metadata/keys/{key}"},
    {"DELETE", "/cluster/metadata/keys/{key}"},
    {"POST", COLLECTION + "/cluster"},
    {"PUT", COLLECTION + "/shards"},
    {"POST", COLLECTION + "/shards/delete"},
  };

  private static Reply version(RestRequest request) {
    return Reply.bare(generator -> {
      generator.writeStartObject();
      generator.writeStringField("title", ContractVersion.TITLE);
      generator.writeStringField("version", ContractVersion.VERSION);
      generator.writeStringField("commit", ContractVersion.COMMIT);
      generator.writeEndObject();
    });
  }

  private static Reply health(RestRequest request) {
    return Reply.text(200, NodeService.ALIVE);
  }

  private Reply readiness(RestRequest request) {
    return node.isReady()
        ? Reply.text(200, NodeService.READY)
        : Reply.text(503, NodeService.NOT_READY);
  }

  private Reply metrics(RestRequest request) {
    request.timeout(CollectionService.TIMEOUT_DEFAULT);
    String text = node.metrics(request.flag("per_collection"), request.flag("anonymize"));
    Reply reply = Reply.text(200, text);
    return new Reply(200, METRICS_TYPE, reply.body(), reply.headers());
  }

  private Reply telemetry(RestRequest request) {
    request.timeout(CollectionService.TIMEOUT_DEFAULT);
    var telemetry =
        node.telemetry(
            new TelemetryOptions(
                request.level("details_level"),
                request.flag("per_collection"),
                request.flag("anonymize")));
    return Reply.ok(request, generator -> TelemetryWriter.telemetry(generator, telemetry));
  }

  private Reply optimizations(RestRequest request) {
    List<String> with = List.of(request.query("with").orElse("").split(","));
    request.level("completed_limit"); // Checked, and more than there are of them.
    var optimizations = node.optimizations(request.collection());
    return Reply.ok(
        request, generator -> TelemetryWriter.optimizations(generator, optimizations, with));
  }

  private Reply memory(RestRequest request) {
    var memory = collections.memory(request.collection());
    return Reply.ok(request, generator -> MemoryWriter.collection(generator, memory));
  }

  private static Reply cluster(RestRequest request) {
    return Reply.ok(
        request,
        generator -> {
          generator.writeStartObject();
          generator.writeStringField("status", Standalone.CLUSTER_STATUS);
          generator.writeEndObject();
        });
  }

  private static Reply issues(RestRequest request) {
    return Reply.ok(
        request,
        generator -> {
          generator.writeStartObject();
          generator.writeArrayFieldStart("issues");
          generator.writeEndArray();
          generator.writeEndObject();
        });
  }

  private Reply quotas(RestRequest request) {
    var quotas = node.quotas();
    return Reply.ok(request, generator -> QuotaWriter.status(generator, quotas));
  }

  /** Waits in any case: what was answered for is known. */
  private Reply setQuotas(RestRequest request) throws IOException {
    request.flag("wait");
    Duration timeout = request.timeout(CollectionService.TIMEOUT_DEFAULT);
    QuotaConfig quotas = request.body(QuotaReader::read);
    node.setQuotas(quotas, timeout);
    return Reply.okTrue(request);
  }

  private Reply status(RestRequest request) {
    var status = node.status();
    return Reply.bare(generator -> ClusterStatusWriter.status(generator, status));
  }

  private static Reply standalone(RestRequest request) {
    throw Standalone.refusal();
  }
}
