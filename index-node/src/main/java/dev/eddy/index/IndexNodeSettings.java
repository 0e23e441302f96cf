package dev.eddy.index;

import static java.util.Objects.requireNonNull;

import dev.eddy.index.host.HostSettings;
import dev.eddy.index.rpc.RpcSettings;
import dev.eddy.index.serve.ServeSettings;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one index node is told.
 *
 * @param data its own folder
 * @param cluster name of the cluster that the folder belongs to
 * @param rpc where to listen for query nodes; null = only in this JVM
 */
public record IndexNodeSettings(
    Path data,
    String cluster,
    HostSettings host,
    ServeSettings serve,
    EngineSettings engine,
    @Nullable RpcSettings rpc) {
  public IndexNodeSettings {
    requireNonNull(data, "data");
    requireNonNull(cluster, "cluster");
  }

  /** Defaults for this machine, without a listener. */
  public static IndexNodeSettings local(Path data, String cluster) {
    int processors = Runtime.getRuntime().availableProcessors();
    return new IndexNodeSettings(
        data,
        cluster,
        HostSettings.defaults(processors),
        ServeSettings.defaults(processors),
        EngineSettings.defaults(processors, Runtime.getRuntime().maxMemory()),
        null);
  }

  /** The same with a listener for query nodes. */
  public IndexNodeSettings listeningOn(RpcSettings where) {
    return new IndexNodeSettings(data, cluster, host, serve, engine, where);
  }

  /** Where to listen, if anywhere. */
  public Optional<RpcSettings> listener() {
    return Optional.ofNullable(rpc);
  }
}
