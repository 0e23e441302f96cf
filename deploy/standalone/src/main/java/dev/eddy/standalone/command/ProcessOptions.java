package dev.eddy.standalone.command;

import dev.eddy.standalone.role.ProcessSettings;
import java.io.File;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every long-running role takes. */
final class ProcessOptions {
  private static final String LOOPBACK = "127.0.0.1";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "./eddy-data",
      description = "Folder of this process; created if missing (default: ${DEFAULT-VALUE}).")
  private Path data = Path.of("eddy-data");

  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      defaultValue = "eddy",
      description = {
        "Prefix of topics, groups and transactional ids (default: ${DEFAULT-VALUE}),",
        "so that several clusters can share one Kafka."
      })
  private String cluster = "eddy";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Options as lines \"name = value\" without the dashes; the command line wins.")
  private @Nullable File config;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean help;

  private final LimitOptions limits = new LimitOptions();

  /** Called by picocli for the mixin that this is. */
  @Spec(Spec.Target.MIXEE)
  void mixedInto(CommandSpec command) {
    limits.addTo(command);
  }

  Path data() {
    return data;
  }

  /** What the process is told. */
  ProcessSettings settings(ListenOptions listen, long memoryBytes) {
    return new ProcessSettings(
        data, cluster, listen.host(), listen.advertised(), memoryBytes, limits.limits());
  }

  /** The same for a process that does not listen. */
  ProcessSettings settings(long memoryBytes) {
    return new ProcessSettings(data, cluster, LOOPBACK, LOOPBACK, memoryBytes, limits.limits());
  }
}
