package dev.eddy.bench.command;

import dev.eddy.bench.data.VectorSet;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which vectors. */
final class SetOptions {
  @Option(
      names = "--set",
      paramLabel = "DIR",
      defaultValue = "bench/data/words-100d",
      description = "Folder of base.f32, query.f32 and gt.i32 (default: ${DEFAULT-VALUE}).")
  private Path folder = Path.of("bench/data/words-100d");

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "0",
      description = "Use the first N rows; 0 = all. Fewer rows get exact neighbours of their own.")
  private int rows;

  VectorSet open() throws IOException {
    return VectorSet.open(folder, rows);
  }
}
