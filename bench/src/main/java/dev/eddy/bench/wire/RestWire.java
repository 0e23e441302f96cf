package dev.eddy.bench.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.eddy.bench.data.VectorFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.LongStream;

/** REST over HTTP/1.1; a request's bytes are its whole message. */
public final class RestWire implements Wire {
  private static final JsonFactory JSON = new JsonFactory();

  private final int port;

  /** REST on a port of this machine. */
  public RestWire(int port) {
    this.port = port;
  }

  @Override
  public String name() {
    return "REST";
  }

  @Override
  public Request upsert(
      String collection, VectorFile rows, int from, int to, long firstId, boolean isWaiting) {
    StringBuilder body = new StringBuilder((to - from) * rows.dimension() * 12);
    body.append("{\"points\":[");
    for (int row = from; row < to; row++) {
      body.append(row == from ? "" : ",").append("{\"id\":").append(firstId + row - from);
      body.append(",\"vector\":");
      JsonText.vector(rows.row(row), body);
      body.append('}');
    }
    body.append("]}");
    String path = "/collections/" + collection + "/points?wait=" + isWaiting;
    return new Request(Call.UPSERT, HttpConnection.message("PUT", path, body.toString()));
  }

  @Override
  public Request nearest(String collection, float[] query, int k, int ef) {
    StringBuilder body = new StringBuilder(query.length * 12).append("{\"query\":");
    JsonText.vector(query, body);
    body.append(",\"limit\":").append(k);
    body.append(",\"params\":{\"hnsw_ef\":").append(ef).append("}}");
    String path = "/collections/" + collection + "/points/query";
    return new Request(Call.SEARCH, HttpConnection.message("POST", path, body.toString()));
  }

  @Override
  public long[] ids(byte[] answer) throws IOException {
    LongStream.Builder ids = LongStream.builder();
    try (JsonParser parser = JSON.createParser(answer)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() == JsonToken.FIELD_NAME && "id".equals(parser.currentName())) {
          parser.nextToken();
          ids.add(parser.getLongValue());
        }
      }
    }
    return ids.build().toArray();
  }

  @Override
  public boolean isShared() {
    return false;
  }

  @Override
  public Connection connect() throws IOException {
    HttpConnection http = new HttpConnection(port);
    return new Connection() {
      @Override
      public byte[] call(Request request) throws IOException {
        HttpConnection.Answer answer = http.send(request.bytes());
        if (answer.status() != 200) {
          throw new IOException(
              "status %d: %s"
                  .formatted(answer.status(), new String(answer.body(), StandardCharsets.UTF_8)));
        }
        return answer.body();
      }

      @Override
      public void close() {
        http.close();
      }
    };
  }
}
