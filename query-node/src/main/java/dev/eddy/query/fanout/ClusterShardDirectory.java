package dev.eddy.query.fanout;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.shard.ShardService;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds nodes by what they report: this process's own shards by a direct call, others by one
 * channel per address.
 */
public final class ClusterShardDirectory implements ShardDirectory, AutoCloseable {
  /** So many channels to addresses nobody reports any more are kept before they are closed. */
  private static final int IDLE_CHANNELS_MAX = 16;

  private final ClusterView view;
  private final String localNodeId;
  private final @Nullable ShardService local;
  private final ConcurrentHashMap<String, RemoteShardService> remotes = new ConcurrentHashMap<>();

  /**
   * Creates one.
   *
   * @param local the shards of this process, or null when it hosts none
   */
  public ClusterShardDirectory(ClusterView view, String localNodeId, @Nullable ShardService local) {
    this.view = requireNonNull(view, "view");
    this.localNodeId = requireNonNull(localNodeId, "localNodeId");
    this.local = local;
  }

  @Override
  public Optional<ShardService> find(String nodeId) {
    if (local != null && nodeId.equals(localNodeId)) {
      return Optional.of(local);
    }
    for (NodeReport report : view.liveNodes()) {
      String address = report.shardAddress();
      if (address != null && report.nodeId().equals(nodeId)) {
        RemoteShardService known = remotes.get(address);
        return Optional.of(known != null ? known : connect(address));
      }
    }
    return Optional.empty();
  }

  private RemoteShardService connect(String address) {
    if (remotes.size() > IDLE_CHANNELS_MAX) {
      Set<String> live = new HashSet<>();
      view.liveNodes().forEach(report -> live.add(String.valueOf(report.shardAddress())));
      remotes.forEach((known, remote) -> {
        if (!live.contains(known) && remotes.remove(known, remote)) {
          remote.close();
        }
      });
    }
    return remotes.computeIfAbsent(address, key -> new RemoteShardService(channel(key)));
  }

  private static ManagedChannel channel(String address) {
    return NettyChannelBuilder.forTarget("dns:///" + address)
        .usePlaintext()
        // Finds out that a host is gone without a connection being closed.
        .keepAliveTime(10, TimeUnit.SECONDS)
        .keepAliveTimeout(5, TimeUnit.SECONDS)
        .build();
  }

  @Override
  public String localNodeId() {
    return localNodeId;
  }

  @Override
  public void close() {
    remotes.values().forEach(RemoteShardService::close);
    remotes.clear();
  }
}
