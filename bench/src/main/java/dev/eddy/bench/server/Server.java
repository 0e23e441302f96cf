package dev.eddy.bench.server;

import dev.eddy.bench.measure.ProcessUsage;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A running server on this machine.
 *
 * @param pid its process
 * @param restPort REST
 * @param grpcPort gRPC
 * @param kafkaPort its embedded broker
 * @param data its data folder, null when not known
 */
public record Server(long pid, int restPort, int grpcPort, int kafkaPort, @Nullable Path data) {
  /** What its process uses. */
  public ProcessUsage usage() {
    return new ProcessUsage(pid);
  }
}
