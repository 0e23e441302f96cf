package dev.eddy.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.limit.Limits;
import dev.eddy.standalone.role.ProcessSettings;
import dev.eddy.standalone.role.RunningRole;
import dev.eddy.standalone.role.Standalone;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Everything in this JVM on free ports, and what a test needs to talk to it. */
public final class RunningEddy implements AutoCloseable {
  private static final Pattern ADDRESSES =
      Pattern.compile("REST http://[^:]+:(\\d+), gRPC [^:]+:(\\d+), Kafka (\\S+)");

  private final RunningRole node;
  private final HttpClient http = HttpClient.newHttpClient();
  private final int restPort;
  private final int grpcPort;
  private final String kafka;

  private RunningEddy(RunningRole node) {
    this.node = node;
    Matcher addresses = ADDRESSES.matcher(node.addresses());
    if (!addresses.matches()) {
      throw new IllegalStateException("unexpected addresses: " + node.addresses());
    }
    restPort = Integer.parseInt(addresses.group(1));
    grpcPort = Integer.parseInt(addresses.group(2));
    kafka = addresses.group(3);
  }

  public static RunningEddy start(Path data) {
    return start(data, Limits.DEFAULT, false);
  }

  /** One with other limits than the usual ones. */
  public static RunningEddy start(Path data, Limits limits) {
    return start(data, limits, false);
  }

  /** One whose answers say what their requests used, or not. */
  static RunningEddy start(Path data, boolean isUsageTold) {
    return start(data, Limits.DEFAULT, isUsageTold);
  }

  /** One whose shards may hold so many bytes of heap. */
  static RunningEddy withShardMemory(Path data, long bytes) {
    ProcessSettings settings =
        new ProcessSettings(data, "eddy", "127.0.0.1", "127.0.0.1", 1L << 30, Limits.DEFAULT);
    return new RunningEddy(
        Standalone.start(settings.withShardMemory(bytes), new Standalone.Ports(0, 0, 0)));
  }

  private static RunningEddy start(Path data, Limits limits, boolean isUsageTold) {
    ProcessSettings settings =
        new ProcessSettings(data, "eddy", "127.0.0.1", "127.0.0.1", 1L << 30, limits);
    return new RunningEddy(
        Standalone.start(settings.tellingUsage(isUsageTold), new Standalone.Ports(0, 0, 0)));
  }

  public int restPort() {
    return restPort;
  }

  public int grpcPort() {
    return grpcPort;
  }

  public String kafka() {
    return kafka;
  }

  /** What came back for one request. */
  public record Answered(int status, String body, HttpHeaders headers) {
    /** The value of a header; empty without it. */
    public String header(String name) {
      return headers.firstValue(name).orElse("");
    }
  }

  /**
   * Sends a request.
   *
   * @param headers names and values beside the content type
   */
  public Answered rest(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + restPort + path))
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .header("Content-Type", "application/json");
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return new Answered(response.statusCode(), response.body(), response.headers());
  }

  /** The body of an answer 200 to a request whose body has single quotes for double ones. */
  String ok(String method, String path, String body) {
    try {
      Answered answered = rest(method, path, body.replace('\'', '"'));
      assertThat(answered.status()).as(answered.body()).isEqualTo(200);
      return answered.body();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    http.close();
    node.close();
  }
}
