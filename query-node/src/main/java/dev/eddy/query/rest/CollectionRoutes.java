package dev.eddy.query.rest;

import static dev.eddy.query.collection.CollectionService.TIMEOUT_DEFAULT;

import dev.eddy.model.cluster.CollectionAdmin.AliasAction;
import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.error.EddyException;
import dev.eddy.query.collection.CollectionService;
import dev.eddy.query.rest.json.AliasActionsReader;
import dev.eddy.query.rest.json.CollectionChangeReader;
import dev.eddy.query.rest.json.CollectionSpecReader;
import dev.eddy.query.rest.json.CollectionWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Collections and aliases. */
final class CollectionRoutes {
  private static final String COLLECTION = "/collections/{collection_name}";

  private final CollectionService collections;

  CollectionRoutes(CollectionService collections) {
    this.collections = collections;
  }

  List<Route> routes() {
    return List.of(
        Route.of("GET", "/collections", this::list),
        Route.of("GET", COLLECTION, this::get),
        Route.of("PUT", COLLECTION, this::create),
        Route.of("PATCH", COLLECTION, this::update),
        Route.of("DELETE", COLLECTION, this::delete),
        Route.of("GET", COLLECTION + "/exists", this::exists),
        Route.of("GET", COLLECTION + "/aliases", this::aliasesOf),
        Route.of("GET", COLLECTION + "/cluster", this::shards),
        Route.of("GET", COLLECTION + "/shards", this::shardKeys),
        Route.of("GET", "/aliases", this::aliases),
        Route.of("POST", "/collections/aliases", this::updateAliases));
  }

  private Reply list(RestRequest request) {
    List<String> names = collections.list();
    return Reply.ok(request, generator -> CollectionWriter.names(generator, names));
  }

  private Reply get(RestRequest request) {
    var info = collections.get(request.collection());
    return Reply.ok(request, generator -> CollectionWriter.info(generator, info));
  }

  private Reply create(RestRequest request) throws IOException {
    String name = request.newCollection();
    Duration timeout = request.timeout(TIMEOUT_DEFAULT);
    CollectionSpec spec = request.body(CollectionSpecReader::read);
    collections.create(name, spec, timeout);
    return Reply.okTrue(request);
  }

  private Reply update(RestRequest request) throws IOException {
    Duration timeout = request.timeout(TIMEOUT_DEFAULT);
    CollectionChange change = request.body(CollectionChangeReader::read);
    collections.update(request.collection(), change, timeout);
    return Reply.okTrue(request);
  }

  private Reply delete(RestRequest request) {
    boolean existed = collections.delete(request.collection(), request.timeout(TIMEOUT_DEFAULT));
    return Reply.ok(request, generator -> generator.writeBoolean(existed));
  }

  private Reply exists(RestRequest request) {
    boolean exists = collections.exists(request.collection());
    return Reply.ok(
        request,
        generator -> {
          generator.writeStartObject();
          generator.writeBooleanField("exists", exists);
          generator.writeEndObject();
        });
  }

  private Reply aliases(RestRequest request) {
    var aliases = collections.aliases();
    return Reply.ok(request, generator -> CollectionWriter.aliases(generator, aliases));
  }

  private Reply aliasesOf(RestRequest request) {
    var aliases = collections.aliases(request.collection());
    return Reply.ok(request, generator -> CollectionWriter.aliases(generator, aliases));
  }

  private Reply updateAliases(RestRequest request) throws IOException {
    Duration timeout = request.timeout(TIMEOUT_DEFAULT);
    List<AliasAction> actions = request.body(AliasActionsReader::read);
    collections.updateAliases(actions, timeout);
    return Reply.okTrue(request);
  }

  private Reply shards(RestRequest request) {
    var shards = collections.clusterInfo(request.collection());
    return Reply.ok(request, generator -> CollectionWriter.shards(generator, shards));
  }

  /** There are no shard keys, which is also the answer for a collection of many shards. */
  private Reply shardKeys(RestRequest request) {
    String name = request.collection();
    if (!collections.exists(name)) {
      throw EddyException.notFound("Collection `" + name + "` doesn't exist!");
    }
    return Reply.ok(
        request,
        generator -> {
          generator.writeStartObject();
          generator.writeArrayFieldStart("shard_keys");
          generator.writeEndArray();
          generator.writeEndObject();
        });
  }
}
