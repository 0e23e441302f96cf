package dev.eddy.standalone.role;

import dev.eddy.index.EngineSettings;
import dev.eddy.index.IndexNode;
import dev.eddy.index.IndexNodeSettings;
import dev.eddy.index.host.ShardEvents;
import dev.eddy.index.host.ShardState;
import dev.eddy.index.rpc.RpcSettings;
import dev.eddy.kafka.log.KafkaPointLogTailer;
import dev.eddy.kafka.log.TailerSettings;
import dev.eddy.kafka.meta.NodeReporter;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.BrokenChain;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** An index node as a process of its own. */
public final class IndexRole {

  private IndexRole() {}

  public static RunningRole startProcess(
      ProcessSettings settings, String bootstrapServers, int port) {
    return Closing.opening(parts -> {
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      KafkaAccess kafka = parts.add(KafkaAccess.open(bootstrapServers, settings.cluster()));
      ReportOnChange onChange = new ReportOnChange();
      IndexNode node =
          start(
              settings,
              kafka,
              parts,
              RpcSettings.on(settings.host(), port),
              new PrometheusRegistry(),
              onChange);
      String address = settings.advertised() + ":" + node.port().orElseThrow();
      NodeSelf self = new NodeSelf(node.nodeId(), node.incarnation(), kafka.view());
      self.hosts(node, address);
      NodeReporter reporter = Reporting.start(kafka, self, failure);
      parts.add(reporter);
      onChange.tell(reporter);
      return new RunningRole("index-node", "shards " + address, failure, parts::close);
    });
  }

  /** Starts the node's parts; the caller closes them. */
  static IndexNode start(
      ProcessSettings settings,
      KafkaAccess kafka,
      Closing parts,
      @Nullable RpcSettings rpc,
      PrometheusRegistry registry,
      ReportOnChange onChange) {
    KafkaPointLogTailer tailer =
        parts.add(new KafkaPointLogTailer(kafka.presets(), TailerSettings.of("tailer")));
    IndexNodeSettings defaults =
        IndexNodeSettings.local(settings.data().resolve("index"), settings.cluster());
    // Payload caches get what the heap leaves, as the launcher divides it.
    long cacheBytes = Math.max(64L << 20, settings.memoryBytes() / 8);
    EngineSettings engine =
        new EngineSettings(
            defaults.engine().buildThreads(),
            cacheBytes,
            cacheBytes / 2,
            defaults.engine().fusedBytes(),
            settings.shardMemoryOr(defaults.engine().heldBytes()),
            settings.shards(defaults.engine().shard()));
    return parts.add(
        IndexNode.start(
            new IndexNodeSettings(
                defaults.data(),
                defaults.cluster(),
                defaults.host(),
                defaults.serve().answering(settings.limits().of(Limit.ANSWER)),
                engine,
                rpc),
            kafka.view(),
            tailer,
            registry,
            onChange));
  }

  /** Makes a report go out at once when a shard changes. */
  static final class ReportOnChange implements ShardEvents {
    private final AtomicReference<@Nullable NodeReporter> reporter = new AtomicReference<>();

    void tell(NodeReporter listening) {
      reporter.set(listening);
      listening.changed();
    }

    private void changed() {
      NodeReporter listening = reporter.get();
      if (listening != null) {
        listening.changed();
      }
    }

    @Override
    public void chainsBroken(ShardId shard, List<BrokenChain> chains) {
      changed();
    }

    @Override
    public void failed(ShardId shard, boolean halted) {
      changed();
    }

    @Override
    public void memoryChanged(boolean isFull) {
      changed();
    }

    @Override
    public void stateChanged(ShardId shard, ShardState state) {
      changed();
    }
  }
}
