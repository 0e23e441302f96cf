package dev.eddy.bench.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The root of the command line. */
@Command(
    name = "bench/run",
    mixinStandardHelpOptions = true,
    description =
        "Eddy's benchmarks; each prints rows of a markdown table. See docs/benchmarks.md.",
    subcommands = {
      LoadCommand.class,
      SearchCommand.class,
      WideCommand.class,
      VisibleCommand.class,
      UnderLoadCommand.class,
      CyclesCommand.class,
      ManyCommand.class,
      RestartCommand.class,
      EngineCommand.class,
      CodesCommand.class,
      MultiCommand.class,
      FilteredCommand.class,
      PayloadsCommand.class,
      TenantsCommand.class,
      SparseCommand.class,
      EdgeCommand.class,
      CollectionsCommand.class,
      MemoryCommand.class,
      CommandLine.HelpCommand.class
    })
public final class BenchCommand {
  /** Runs one command line and returns the process's exit code. */
  public static int execute(String[] args) {
    CommandLine line = new CommandLine(new BenchCommand());
    line.setUsageHelpAutoWidth(true);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return line.execute(args);
  }
}
