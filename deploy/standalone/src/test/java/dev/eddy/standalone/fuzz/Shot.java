package dev.eddy.standalone.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * One HTTP request.
 *
 * @param target as it stands in the first line
 */
@SuppressWarnings("ArrayRecordComponent") // Made for one request, compared by nobody.
record Shot(String method, String target, List<String> headers, byte[] body, Framing framing) {
  private static final int SHOWN_BYTES_MAX = 4_000;

  /** How the end of a body is told, rightly or wrongly. */
  enum Framing {
    LENGTH,
    CHUNKED,
    NONE,
    TOO_LONG,
    TOO_SHORT,
    NEGATIVE,
    TWICE,
    CHUNKED_CUT,
    CHUNKED_BAD,
    BOTH;

    /** Whether HTTP allows it. */
    boolean isSound() {
      return this == LENGTH || this == CHUNKED || this == NONE;
    }
  }

  /** Whether it is proper HTTP, whatever it means. */
  boolean isSound() {
    return framing.isSound()
        && target.startsWith("/")
        && target.chars().allMatch(c -> c > ' ' && c < 127 && "\"<>\\^`{|}#".indexOf(c) < 0)
        && !target.matches(".*%(?![0-9a-fA-F]{2}).*")
        && method.matches("[A-Z]+");
  }

  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringBuilder head =
        new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n");
    headers.forEach(header -> head.append(header).append("\r\n"));
    switch (framing) {
      case LENGTH -> head.append("Content-Length: ").append(body.length).append("\r\n");
      case TOO_LONG -> head.append("Content-Length: ").append(body.length + 17).append("\r\n");
      case TOO_SHORT -> head.append("Content-Length: ").append(body.length / 2).append("\r\n");
      case NEGATIVE -> head.append("Content-Length: -1\r\n");
      case TWICE ->
          head.append("Content-Length: ")
              .append(body.length)
              .append("\r\nContent-Length: ")
              .append(body.length + 1)
              .append("\r\n");
      case BOTH ->
          head.append("Transfer-Encoding: chunked\r\nContent-Length: ")
              .append(body.length)
              .append("\r\n");
      case CHUNKED, CHUNKED_CUT, CHUNKED_BAD -> head.append("Transfer-Encoding: chunked\r\n");
      case NONE -> {}
    }
    out.writeBytes(head.append("\r\n").toString().getBytes(UTF_8));
    switch (framing) {
      case NONE -> {}
      case CHUNKED, BOTH -> out.writeBytes(chunked("0\r\n\r\n"));
      case CHUNKED_CUT -> out.writeBytes(Arrays.copyOf(chunked(""), chunked("").length / 2));
      case CHUNKED_BAD -> out.writeBytes(chunked("zz\r\n"));
      default -> out.writeBytes(body);
    }
    return out.toByteArray();
  }

  private byte[] chunked(String end) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int from = 0; from < body.length; from += 1_000) {
      int length = Math.min(1_000, body.length - from);
      out.writeBytes((Integer.toHexString(length) + "\r\n").getBytes(ISO_8859_1));
      out.write(body, from, length);
      out.writeBytes("\r\n".getBytes(ISO_8859_1));
    }
    out.writeBytes(end.getBytes(ISO_8859_1));
    return out.toByteArray();
  }

  /** Enough to send it again. */
  @Override
  public String toString() {
    byte[] shown = Arrays.copyOf(body, Math.min(body.length, SHOWN_BYTES_MAX));
    String text = new String(shown, UTF_8);
    boolean isText = Arrays.equals(text.getBytes(UTF_8), shown);
    return method
        + " "
        + target
        + " "
        + headers
        + " "
        + framing
        + " ("
        + body.length
        + " bytes) "
        + (isText ? text : "0x" + HexFormat.of().formatHex(shown));
  }
}
