package dev.eddy.bench.command;

import dev.eddy.bench.data.VectorSet;
import dev.eddy.engine.graph.GraphParams;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another library, in a process of its own. */
final class PeerSide implements GraphSide {
  private final SideProcess process;

  /** Starts the peer with the set in a folder of its own. */
  PeerSide(Peer peer, VectorSet set, GraphParams params, int threads, Path folder)
      throws IOException {
    set.write(folder);
    List<String> command = new ArrayList<>(peer.command());
    command.add(folder.toString());
    for (int number : new int[] {set.dimension(), params.m(), params.efConstruct(), threads}) {
      command.add(Integer.toString(number));
    }
    process = new SideProcess(peer.name(), command);
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
