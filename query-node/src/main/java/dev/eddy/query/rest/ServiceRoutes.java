package dev.eddy.query.rest;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.query.collection.CollectionInfo;
import dev.eddy.query.collection.CollectionService;
import dev.eddy.query.collection.CollectionShards;
import dev.eddy.query.metrics.RequestMetrics;
import dev.eddy.query.rest.json.TelemetryWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** Who is there, is it well, and the parts of a cluster's face that a node alone can show. */
final class ServiceRoutes {
  static final String TITLE = "qdrant - vector search engine";

  /** The version of the contract, which clients compare with their own. */
  static final String VERSION = "1.19.0";

  /** Clients expect forty hexadecimal digits; a build without a commit has none to tell. */
  static final String COMMIT = "0".repeat(40);

  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final CollectionService collections;
  private final RequestMetrics metrics;
  private final BooleanSupplier ready;
  private final UUID id = UUID.randomUUID();
  private final Instant started = Instant.now();

  ServiceRoutes(CollectionService collections, RequestMetrics metrics, BooleanSupplier ready) {
    this.collections = collections;
    this.metrics = metrics;
    this.ready = ready;
  }

  List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    routes.add(Route.of("GET", "/", ServiceRoutes::version));
    routes.add(Route.unbounded("GET", "/healthz", ServiceRoutes::health));
    routes.add(Route.unbounded("GET", "/livez", ServiceRoutes::health));
    routes.add(Route.unbounded("GET", "/readyz", this::readiness));
    routes.add(Route.unbounded("GET", "/metrics", this::metrics));
    routes.add(Route.of("GET", "/telemetry", this::telemetry));
    routes.add(
        Route.of("GET", "/collections/{collection_name}/optimizations", this::optimizations));
    routes.add(Route.of("GET", "/cluster", ServiceRoutes::cluster));
    routes.add(Route.of("GET", "/issues", ServiceRoutes::issues));
    routes.add(Route.of("DELETE", "/issues", Reply::okTrue));
    routes.add(Route.of("GET", "/quotas", ServiceRoutes::quotas));
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
    {"POST", "/collections/{collection_name}/cluster"},
    {"PUT", "/collections/{collection_name}/shards"},
    {"POST", "/collections/{collection_name}/shards/delete"},
  };

  private static Reply version(RestRequest request) {
    return Reply.bare(generator -> {
      generator.writeStartObject();
      generator.writeStringField("title", TITLE);
      generator.writeStringField("version", VERSION);
      generator.writeStringField("commit", COMMIT);
      generator.writeEndObject();
    });
  }

  private static Reply health(RestRequest request) {
    return Reply.text(200, "healthz check passed");
  }

  private Reply readiness(RestRequest request) {
    return ready.getAsBoolean()
        ? Reply.text(200, "all shards are ready")
        : Reply.text(503, "some shards are not ready");
  }

  private Reply metrics(RestRequest request) {
    String text = metrics.exposition(request.flag("per_collection"));
    Reply reply = Reply.text(200, text);
    return new Reply(200, METRICS_TYPE, reply.body(), reply.headers());
  }

  private Reply telemetry(RestRequest request) {
    int level = request.level("details_level");
    boolean perCollection = request.flag("per_collection");
    boolean anonymize = request.flag("anonymize");
    List<String> names = collections.list();
    List<TelemetryWriter.Collection> all = new ArrayList<>();
    if (level >= TelemetryWriter.LEVEL_COLLECTIONS) {
      for (String name : names) {
        described(name, level, anonymize).ifPresent(all::add);
      }
    }
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    TelemetryWriter.Telemetry telemetry =
        new TelemetryWriter.Telemetry(
            id,
            VERSION,
            started,
            names.size(),
            all,
            // Names of collections are not told where names are not to be told.
            metrics.responses(perCollection && !anonymize),
            new TelemetryWriter.Memory(
                heap.getUsed(),
                heap.getCommitted(),
                heap.getMax(),
                Runtime.getRuntime().availableProcessors()));
    return Reply.ok(
        request,
        generator ->
            TelemetryWriter.telemetry(generator, telemetry, level, perCollection && !anonymize));
  }

  /** Empty where the collection was dropped meanwhile. */
  private Optional<TelemetryWriter.Collection> described(
      String name, int level, boolean anonymize) {
    try {
      CollectionInfo info = collections.get(name);
      CollectionShards shards =
          level >= TelemetryWriter.LEVEL_SHARDS ? collections.clusterInfo(name) : null;
      String told = anonymize ? info.collectionId().toString() : name;
      return Optional.of(new TelemetryWriter.Collection(told, info, shards));
    } catch (EddyException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Reply optimizations(RestRequest request) {
    CollectionInfo info = collections.get(request.collection());
    List<String> with = List.of(request.query("with").orElse("").split(","));
    return Reply.ok(request, generator -> TelemetryWriter.optimizations(generator, info, with));
  }

  private static Reply cluster(RestRequest request) {
    return Reply.ok(
        request,
        generator -> {
          generator.writeStartObject();
          generator.writeStringField("status", "disabled");
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

  private static Reply quotas(RestRequest request) {
    return Reply.ok(
        request,
        generator -> {
          generator.writeStartObject();
          generator.writeObjectFieldStart("config");
          generator.writeBooleanField("enabled", false);
          generator.writeEndObject();
          generator.writeObjectFieldStart("usage");
          generator.writeEndObject();
          generator.writeEndObject();
        });
  }

  private static Reply standalone(RestRequest request) {
    throw new EddyException(ErrorCode.STANDALONE_MODE, "Qdrant is running in standalone mode");
  }
}
