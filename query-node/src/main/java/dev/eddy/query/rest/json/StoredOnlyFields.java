package dev.eddy.query.rest.json;

import java.util.List;

/**
 * Settings of a collection that tune a mechanism Eddy does not have, or does not have yet. They are
 * checked, stored and shown back, and change nothing else. The one list: the documentation quotes
 * it and a test holds every field of the API against it.
 */
public final class StoredOnlyFields {
  /** Paths below the body of creating or changing a collection; {@code *} is a vector's name. */
  public static final List<String> ALL =
      List.of(
          "wal_config.wal_capacity_mb",
          "wal_config.wal_segments_ahead",
          "wal_config.wal_retain_closed",
          "optimizers_config.deleted_threshold",
          "optimizers_config.vacuum_min_vector_number",
          "optimizers_config.default_segment_number",
          "optimizers_config.max_segment_size",
          "optimizers_config.memmap_threshold",
          "optimizers_config.flush_interval_sec",
          "optimizers_config.max_optimization_threads",
          "optimizers_config.prevent_unoptimized",
          "hnsw_config.max_indexing_threads",
          "hnsw_config.on_disk",
          "hnsw_config.memory",
          "hnsw_config.payload_m",
          "hnsw_config.inline_storage",
          "vectors.on_disk",
          "vectors.memory",
          "vectors.datatype",
          "vectors.*.on_disk",
          "vectors.*.memory",
          "vectors.*.datatype",
          "write_consistency_factor",
          "params.write_consistency_factor",
          "params.read_fan_out_factor",
          "params.read_fan_out_delay_ms",
          "on_disk_payload",
          "params.on_disk_payload",
          "payload.memory",
          "params.payload.memory",
          "metadata");

  private StoredOnlyFields() {}
}
