package dev.eddy.query.rest;

import dev.eddy.model.error.EddyException;
import java.util.Arrays;
import java.util.List;

/** Operations of the contract that are not built yet: each refused with 501 by its name. */
final class UnbuiltRoutes {
  private static final String COLLECTION = "/collections/{collection_name}";
  private static final String SHARD = COLLECTION + "/shards/{shard_id}";

  private static final String[][] UNBUILT = {
    {"GET", COLLECTION + "/snapshots", "snapshots"},
    {"POST", COLLECTION + "/snapshots", "snapshots"},
    {"PUT", COLLECTION + "/snapshots/recover", "snapshots"},
    {"POST", COLLECTION + "/snapshots/upload", "snapshots"},
    {"GET", COLLECTION + "/snapshots/{snapshot_name}", "snapshots"},
    {"DELETE", COLLECTION + "/snapshots/{snapshot_name}", "snapshots"},
    {"GET", SHARD + "/snapshot", "shard snapshots"},
    {"GET", SHARD + "/snapshots", "shard snapshots"},
    {"POST", SHARD + "/snapshots", "shard snapshots"},
    {"PUT", SHARD + "/snapshots/recover", "shard snapshots"},
    {"POST", SHARD + "/snapshots/upload", "shard snapshots"},
    {"GET", SHARD + "/snapshots/{snapshot_name}", "shard snapshots"},
    {"DELETE", SHARD + "/snapshots/{snapshot_name}", "shard snapshots"},
    {"GET", "/snapshots", "full snapshots"},
    {"POST", "/snapshots", "full snapshots"},
    {"GET", "/snapshots/{snapshot_name}", "full snapshots"},
    {"DELETE", "/snapshots/{snapshot_name}", "full snapshots"},
  };

  private UnbuiltRoutes() {}

  static List<Route> routes() {
    return Arrays.stream(UNBUILT)
        .map(operation ->
            Route.of(
                operation[0],
                operation[1],
                request -> {
                  throw EddyException.notImplemented(operation[2]);
                }))
        .toList();
  }
}
