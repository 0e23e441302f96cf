package dev.eddy.standalone.golden;

import dev.eddy.standalone.golden.GoldenFile.Exchange;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** REST: a request is {@code METHOD PATH [BODY]}, an answer status, headers and body. */
final class RestDoor implements Door, AutoCloseable {
  private static final Set<String> TRANSPORT =
      Set.of("connection", "content-length", "date", "transfer-encoding");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String base;

  RestDoor(int port) {
    base = "http://127.0.0.1:" + port;
  }

  @Override
  public String answer(Exchange exchange) {
    String[] line = exchange.line().split(" ", 3);
    String body = exchange.body() + (line.length > 2 ? line[2] : "");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + line[1]))
            .method(
                line[0], body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    for (String header : exchange.headers()) {
      int colon = header.indexOf(':');
      request.header(header.substring(0, colon), header.substring(colon + 2));
    }
    try {
      return told(http.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new AssertionError(exchange.line(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(exchange.line(), e);
    }
  }

  private static String told(HttpResponse<String> response) {
    StringBuilder told = new StringBuilder("-> " + response.statusCode());
    Map<String, List<String>> headers = new TreeMap<>(response.headers().map());
    headers.keySet().removeAll(TRANSPORT);
    headers.forEach(
        (name, values) -> told.append('\n').append(name).append(": ").append(shown(name, values)));
    return told + "\n" + steady(response.body());
  }

  private static String shown(String name, List<String> values) {
    return switch (name) {
      case "eddy-token" -> "<token>";
      case "eddy-positions" -> "<positions>";
      default -> String.join(", ", values);
    };
  }

  private static String steady(String body) {
    return body.replaceAll("\"time\":[0-9.E-]+}$", "\"time\":<time>}")
        .replaceAll("\"operation_id\":\\d+", "\"operation_id\":<offset>")
        .replaceAll("\"version\":\\d+,", "\"version\":<offset>,");
  }

  @Override
  public boolean isSuccess(String answer) {
    return answer.startsWith("-> 200");
  }

  @Override
  public boolean isOf(Exchange exchange, String operation) {
    String[] asked = exchange.line().split(" ", 3);
    String[] expected = operation.split(" ", 2);
    String path = asked[1].replaceAll("\\?.*", "");
    return asked[0].equals(expected[0])
        && Pattern.matches(expected[1].replaceAll("\\{\\w+}", "[^/]+"), path);
  }

  @Override
  public void close() {
    http.close();
  }
}
