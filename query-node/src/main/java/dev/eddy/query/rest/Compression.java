package dev.eddy.query.rest;

import dev.eddy.model.error.EddyException;
import io.helidon.http.encoding.ContentDecoder;
import io.helidon.http.encoding.ContentEncoder;
import io.helidon.http.encoding.ContentEncoding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** gzip in both directions: requests are decoded by the server, answers encoded here. */
final class Compression {
  /** Below this a compressed answer saves less than a packet and costs more than it saves. */
  static final int MIN_BYTES = 1_400;

  private static final int BUFFER_BYTES = 8_192;

  private Compression() {}

  /** Whether an {@code Accept-Encoding} takes gzip and an answer of this size is worth it. */
  static boolean isWanted(String acceptEncoding, int bodyBytes) {
    if (bodyBytes < MIN_BYTES) {
      return false;
    }
    for (String offer : acceptEncoding.toLowerCase(Locale.ROOT).split(",")) {
      String[] parts = offer.trim().split(";");
      if (parts[0].equals("gzip") || parts[0].equals("*")) {
        return parts.length < 2 || !parts[1].trim().matches("q=0(\\.0*)?");
      }
    }
    return false;
  }

  static byte[] gzip(byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 2);
    try (OutputStream gzip = new FastGzip(out)) {
      gzip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** What the HTTP server needs to decode requests. */
  static final class GzipRequests implements ContentEncoding {
    @Override
    public Set<String> ids() {
      return Set.of("gzip", "x-gzip");
    }

    @Override
    public boolean supportsEncoding() {
      return false;
    }

    @Override
    public boolean supportsDecoding() {
      return true;
    }

    @Override
    public ContentDecoder decoder() {
      return network -> {
        try {
          return new GZIPInputStream(network, BUFFER_BYTES);
        } catch (IOException e) {
          throw EddyException.badRequest("the body is not gzip: " + e.getMessage());
        }
      };
    }

    @Override
    public ContentEncoder encoder() {
      return ContentEncoder.NO_OP;
    }

    @Override
    public String name() {
      return "gzip";
    }

    @Override
    public String type() {
      return "gzip";
    }
  }

  /** An answer is sent once: speed before size. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, BUFFER_BYTES);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
