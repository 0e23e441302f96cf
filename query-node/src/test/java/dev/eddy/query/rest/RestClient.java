package dev.eddy.query.rest;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A plain HTTP client of one edge. */
final class RestClient implements AutoCloseable {
  private final HttpClient client;
  private final String base;

  RestClient(RestEdge edge) {
    this(edge, HttpClient.Version.HTTP_1_1);
  }

  RestClient(RestEdge edge, HttpClient.Version version) {
    this.client = HttpClient.newBuilder().version(version).build();
    this.base = "http://127.0.0.1:" + edge.port();
  }

  HttpResponse<String> get(String path) {
    return send("GET", path, "");
  }

  /** Sends a request; an empty body is none. */
  HttpResponse<String> send(String method, String path, String body, String... headers) {
    return exchange(
        method,
        path,
        body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body),
        BodyHandlers.ofString(),
        headers);
  }

  <T> HttpResponse<T> exchange(
      String method,
      String path,
      BodyPublisher body,
      HttpResponse.BodyHandler<T> handler,
      String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofSeconds(30))
            .method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return client.send(request.build(), handler);
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The body with the time it took cut out. */
  static String untimed(HttpResponse<String> response) {
    return response.body().replaceAll(",\"time\":[0-9.eE-]+", "");
  }

  @Override
  public void close() {
    client.close();
  }
}
