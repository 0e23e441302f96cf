package dev.eddy.bench.command;

import dev.eddy.bench.data.VectorSet;
import dev.eddy.engine.graph.GraphParams;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** hnswlib in a Python process. */
final class HnswlibSide implements GraphSide {
  private final SideProcess process;

  /** Starts the script with the set in a folder of its own. */
  HnswlibSide(Path script, VectorSet set, GraphParams params, int threads, Path folder)
      throws IOException {
    set.write(folder);
    process =
        new SideProcess(
            "hnswlib",
            List.of(
                script.toString(),
                folder.toString(),
                Integer.toString(set.dimension()),
                Integer.toString(params.m()),
                Integer.toString(params.efConstruct()),
                Integer.toString(threads)));
  }

  @Override
  public double build() throws IOException {
    return Double.parseDouble(process.order("build")[0]);
  }

  @Override
  public Pass search(int ef) throws IOException {
    return process.pass("search " + ef);
  }

  @Override
  public void close() {
    process.close();
  }
}
