package dev.eddy.index.metrics;

import dev.eddy.index.host.ShardFold;
import dev.eddy.index.host.ShardManager;
import dev.eddy.index.host.ShardRuntime;
import dev.eddy.index.host.ShardState;
import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.shard.MemoryUse.Component;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.shard.VectorForms.Unfused;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.Collector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Numbers of single shards and of their states, read when they are asked for. */
final class ShardGauges {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final String[] SHARD_LABELS = {
    "collection", "collection_id", "generation", "shard"
  };

  private final ClusterView view;
  private final ShardManager shards;
  private final List<Collector> all = new ArrayList<>();

  ShardGauges(ClusterView view, ShardManager shards) {
    this.view = view;
    this.shards = shards;
    addStates();
    addPositions();
    addVectors();
  }

  /** To be registered. */
  List<Collector> all() {
    return all;
  }

  private void addStates() {
    all.add(
        GaugeWithCallback.builder()
            .name("eddy_index_shards")
            .help("Hosted shards by state")
            .labelNames("state")
            .callback(out -> countStates().forEach((state, n) -> out.call(n, state.name())))
            .build());
  }

  private void addPositions() {
    perShard("eddy_index_applied_position", "Next offset to apply", ShardRuntime::position);
    perShard(
        "eddy_index_lag_records",
        "Log end minus applied position",
        runtime -> runtime.logEnd() - runtime.position());
    perShard(
        "eddy_index_lag_seconds",
        "How far the shard is behind in log time",
        runtime -> runtime.staleMs() / 1e3);
    perShard(
        "eddy_index_checkpoint_age_seconds",
        "Since the last checkpoint was written or the state was opened",
        runtime -> runtime.checkpointAgeNanos() / NANOS_PER_SECOND);
    perShard(
        "eddy_index_disk_trouble",
        "1 while applying, a checkpoint, a seal or a merge waits for the disk to work again",
        runtime -> runtime.problem().isPresent() ? 1 : 0);
    all.add(
        CounterWithCallback.builder()
            .name("eddy_index_ignored_repeats_total")
            .help("Inbox records ignored as repeats, as the shard's state has it")
            .labelNames(SHARD_LABELS)
            .callback(
                out -> forEachStats((stats, labels) -> out.call(stats.ignoredRepeats(), labels)))
            .build());
  }

  private void addVectors() {
    perKind(
        "eddy_index_vectors",
        "Dense vectors by what they are compared by: themselves, codes of their own, fused codes",
        "form",
        Map.of(
            "whole", stats -> stats.forms().whole(),
            "coded", stats -> stats.forms().coded(),
            "fused", stats -> stats.forms().fused()));
    perShard(
        "eddy_index_fused_slots",
        "Neighbours whose codes there is room for in graphs with fused codes",
        runtime -> runtime.stats().map(stats -> stats.forms().slots()).orElse(0L));
    perKind(
        "eddy_index_unfused_vectors",
        "Dense vectors whose graph has no fused codes, by why not",
        "reason",
        Arrays.stream(Unfused.values())
            .collect(
                Collectors.toMap(
                    why -> why.name().toLowerCase(Locale.ROOT),
                    why -> stats -> stats.forms().unfused().getOrDefault(why, 0L))));
    perKind(
        "eddy_index_vector_bytes",
        "What dense vectors take, in memory and mapped",
        "component",
        Map.of(
            "rows", stats -> stats.memory().of(Component.VECTORS).total(),
            "links", stats -> stats.memory().of(Component.LINKS).total(),
            "codes", stats -> stats.memory().of(Component.CODES).total(),
            "fused", stats -> stats.memory().of(Component.FUSED).total()));
  }

  private void perShard(String name, String help, ToDoubleFunction<ShardRuntime> number) {
    all.add(
        GaugeWithCallback.builder()
            .name(name)
            .help(help)
            .labelNames(SHARD_LABELS)
            .callback(out ->
                shards
                    .hosted()
                    .forEach(
                        runtime -> out.call(number.applyAsDouble(runtime), labels(runtime.id()))))
            .build());
  }

  private void perKind(
      String name,
      String help,
      String label,
      Map<String, ToLongFunction<ShardFold.Stats>> numbers) {
    String[] labelNames = Arrays.copyOf(SHARD_LABELS, SHARD_LABELS.length + 1);
    labelNames[SHARD_LABELS.length] = label;
    all.add(
        GaugeWithCallback.builder()
            .name(name)
            .help(help)
            .labelNames(labelNames)
            .callback(out ->
                forEachStats((stats, shard) ->
                    numbers.forEach((value, number) -> {
                      String[] labels = Arrays.copyOf(shard, labelNames.length);
                      labels[SHARD_LABELS.length] = value;
                      out.call(number.applyAsLong(stats), labels);
                    })))
            .build());
  }

  /** Of shards that have some, with their labels. */
  private void forEachStats(BiConsumer<ShardFold.Stats, String[]> consumer) {
    for (ShardRuntime runtime : shards.hosted()) {
      runtime.stats().ifPresent(stats -> consumer.accept(stats, labels(runtime.id())));
    }
  }

  private Map<ShardState, Integer> countStates() {
    Map<ShardState, Integer> counts = new EnumMap<>(ShardState.class);
    shards.hosted().forEach(runtime -> counts.merge(runtime.state(), 1, Integer::sum));
    return counts;
  }

  /** The collection by its name, which is empty once it is forgotten, and by its id. */
  private String[] labels(ShardId shard) {
    return new String[] {
      view.state()
          .generation(shard.collectionId(), shard.generation())
          .map(Generation::name)
          .orElse(""),
      shard.collectionId().toString(),
      Integer.toString(shard.generation()),
      Integer.toString(shard.shard())
    };
  }
}
