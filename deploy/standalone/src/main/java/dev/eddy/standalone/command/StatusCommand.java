package dev.eddy.standalone.command;

import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.standalone.status.StatusTable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code eddy status}. */
@Command(
    name = "status",
    sortOptions = false,
    description = {
      "Show collections, shards, replicas, positions, lag, log bytes and dead letters of a running cluster.",
      "Log bytes only grow for now: logs are never trimmed."
    })
final class StatusCommand implements Callable<Integer> {
  private static final Set<String> SCHEMES = Set.of("http", "https");

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:6333",
      description = "REST address of any query node (default: ${DEFAULT-VALUE}).")
  private String url = "";

  @Option(names = "--json", description = "Print the report as JSON, for scripts.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean help;

  @Override
  public Integer call() throws Exception {
    byte[] body = fetch(address());
    if (json) {
      System.out.println(new String(body, StandardCharsets.UTF_8));
    } else {
      System.out.print(StatusTable.of((JsonObject) JsonCodec.parse(body)));
    }
    return 0;
  }

  private URI address() {
    try {
      URI address = URI.create(url + "/eddy/status");
      if (address.getHost() != null && SCHEMES.contains(String.valueOf(address.getScheme()))) {
        return address;
      }
    } catch (IllegalArgumentException _) {
      // The same refusal.
    }
    throw new WrongUsageException(
        "--url " + url + " is no address; write for instance http://127.0.0.1:6333");
  }

  private byte[] fetch(URI address) throws InterruptedException {
    try (HttpClient client =
        HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build()) {
      HttpResponse<byte[]> response =
          client.send(
              HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(15)).build(),
              HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        throw new IllegalStateException(
            url
                + " answered "
                + response.statusCode()
                + "; is it the REST port of an eddy query node?");
      }
      return response.body();
    } catch (IOException e) {
      throw new IllegalStateException("no eddy answers at " + url + "; is it running? (--url)", e);
    }
  }
}
