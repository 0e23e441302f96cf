package dev.eddy.standalone.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a role listens and what it tells others to connect to. */
final class ListenOptions {
  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = {
        "Address that all ports are bound to (default: ${DEFAULT-VALUE}).",
        "0.0.0.0 opens them to the network and needs --advertise."
      })
  private String host = "127.0.0.1";

  @Option(
      names = "--advertise",
      paramLabel = "HOST",
      description = "Name under which others reach this machine (default: the --host address).")
  private @Nullable String advertise;

  String host() {
    return host;
  }

  /** The name to tell others. */
  String advertised() {
    if (advertise != null) {
      return advertise;
    }
    if (host.equals("0.0.0.0") || host.equals("::")) {
      throw new WrongUsageException(
          "--host "
              + host
              + " needs --advertise HOST: the name under which others reach this machine");
    }
    return host;
  }
}
