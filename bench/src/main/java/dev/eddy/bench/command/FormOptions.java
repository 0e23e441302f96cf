package dev.eddy.bench.command;

import dev.eddy.engine.quantization.CodeWidth;
import dev.eddy.engine.segment.CodeSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the engine's segment is kept and searched. */
final class FormOptions {
  @Option(
      names = "--codes",
      paramLabel = "ONE|TWO|FOUR|EIGHT",
      description = "Search by codes of so many bits a number (default: by whole rows).")
  private @Nullable CodeWidth codes;

  @Option(
      names = "--always-ram",
      description = "Codes of a sealed segment are on the heap instead of mapped.")
  private boolean isAlwaysRam;

  @Option(names = "--sealed", description = "Seal the segment: rows and links are mapped then.")
  private boolean isSealed;

  @Option(
      names = "--fused-megabytes",
      defaultValue = "8192",
      description = "Budget of the graph's speed form (default: ${DEFAULT-VALUE}).")
  private int fusedMegabytes = 8_192;

  EngineField.Form form() {
    CodeWidth width = codes;
    CodeSettings settings = width == null ? null : new CodeSettings(width, isAlwaysRam);
    return new EngineField.Form(settings, isSealed, (long) fusedMegabytes << 20);
  }
}
