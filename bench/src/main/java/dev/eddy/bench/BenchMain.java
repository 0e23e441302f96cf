package dev.eddy.bench;

import dev.eddy.bench.command.BenchCommand;

/** {@code bench/run}: the benchmarks. */
public final class BenchMain {
  private BenchMain() {}

  public static void main(String[] args) {
    System.exit(BenchCommand.execute(args));
  }
}
