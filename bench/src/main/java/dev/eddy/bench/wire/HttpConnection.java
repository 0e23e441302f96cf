package dev.eddy.bench.wire;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A kept-alive HTTP/1.1 connection, blocking, one request at a time. A ready-made client costs more
 * CPU per request than the search it asks for.
 */
public final class HttpConnection implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  /** A status and a body. */
  public record Answer(int status, byte[] body) {}

  /** Connects to a port of this machine. */
  public HttpConnection(int port) throws IOException {
    this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
  }

  /** The bytes of a request with a JSON body; an empty one has none. */
  public static byte[] message(String method, String path, String body) {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(method, path, content.length);
    byte[] start = head.getBytes(StandardCharsets.US_ASCII);
    byte[] message = new byte[start.length + content.length];
    System.arraycopy(start, 0, message, 0, start.length);
    System.arraycopy(content, 0, message, start.length, content.length);
    return message;
  }

  /** Sends a message and reads the answer. */
  public Answer send(byte[] message) throws IOException {
    socket.getOutputStream().write(message);
    return read(in);
  }

  static Answer read(InputStream in) throws IOException {
    String statusLine = line(in);
    int status = Integer.parseInt(statusLine.substring(9, 12));
    int length = 0;
    boolean isChunked = false;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring(15).strip());
      } else if (lower.startsWith("transfer-encoding:")) {
        isChunked = lower.contains("chunked");
      }
    }
    return new Answer(status, isChunked ? chunks(in) : exactly(in, length));
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int size;
    do {
      size = Integer.parseInt(line(in).strip(), 16);
      body.write(exactly(in, size));
      line(in);
    } while (size > 0);
    return body.toByteArray();
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("connection closed within a body");
    }
    return bytes;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder(64);
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("connection closed within a head");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
