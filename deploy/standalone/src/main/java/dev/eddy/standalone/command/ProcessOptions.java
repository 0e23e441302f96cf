package dev.eddy.standalone.command;

import java.io.File;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every long-running role takes. */
final class ProcessOptions {
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

  Path data() {
    return data;
  }

  String cluster() {
    return cluster;
  }
}
