package dev.eddy.query.rest;

import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;
import dev.eddy.query.watch.TimeWatch;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request, opened when it is first read: most reads by GET have none. Used by one
 * thread.
 */
final class RequestBody extends InputStream {
  private final ServerRequest request;
  private final Limits limits;
  private final AtomicLong inFlightBytes;
  private final TimeWatch watch;
  private @Nullable InputStream raw;
  private @Nullable BodyLimit limited;
  private TimeWatch.@Nullable Guard guard;

  RequestBody(ServerRequest request, Limits limits, AtomicLong inFlightBytes, TimeWatch watch) {
    this.request = request;
    this.limits = limits;
    this.inFlightBytes = inFlightBytes;
    this.watch = watch;
  }

  private InputStream open() throws IOException {
    if (!request.content().hasEntity()) {
      return InputStream.nullInputStream();
    }
    BodyLimit known = limited;
    if (known != null) {
      return known;
    }
    if (isTooLarge()) {
      throw BodyLimit.tooLarge(limits);
    }
    BodyLimit opened = new BodyLimit(stream(), limits, inFlightBytes);
    limited = opened;
    guard = watch.guard(limits.timeOf(Limit.REQUEST_PAUSE), () -> {});
    return opened;
  }

  /** Whether more is announced than a body may have. */
  private boolean isTooLarge() {
    return request.headers().contentLength().orElse(0) > limits.of(Limit.REST_BODY);
  }

  private boolean isHttp1() {
    return request.prologue().protocolVersion().startsWith("1");
  }

  /** Decompressing begins here, and so may fail here. */
  private InputStream stream() throws IOException {
    InputStream known = raw;
    if (known == null) {
      try {
        known = request.content().inputStream();
      } catch (RuntimeException e) {
        throw BodyLimit.unreadable(e);
      }
      raw = known;
    }
    return known;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    int read;
    try {
      read = open().read(target, from, length);
    } catch (IOException | RuntimeException e) {
      if (guard != null && guard.isExpired()) {
        throw BodyLimit.paused(limits);
      }
      throw e;
    }
    if (guard != null && read < 0) {
      boolean isPaused = guard.isExpired();
      guard.close();
      if (isPaused) {
        throw BodyLimit.paused(limits); // A stream of HTTP/2 that is interrupted just ends.
      }
    } else if (guard != null) {
      guard.touch();
    }
    return read;
  }

  @Override
  public void close() {
    if (guard != null) {
      guard.close();
    }
    if (limited != null) {
      limited.close();
    }
  }

  /**
   * Whether only reading it to its end shows that it can be read: the server by itself would find
   * that after the answer, and drop it.
   */
  private boolean isEncoded() {
    return request.headers().contains(HeaderNames.CONTENT_ENCODING)
        || request.headers().contains(HeaderNames.TRANSFER_ENCODING)
        || request.headers().contains(HeaderNames.EXPECT);
  }

  /**
   * Passes over what was not read of a request that is answered, so that its connection can be used
   * again: as much as a body may have, in the time that it may take. The server by itself would
   * read on without end, and leave a connection open that the client wants closed.
   *
   * @throws CloseConnectionException when that is not all, or the client asks for it
   */
  void finish() {
    if (isHttp1() && request.headers().contains(HeaderValues.CONNECTION_CLOSE)) {
      throw new CloseConnectionException("the client wants no other request");
    }
    if (!isPassedOver()) {
      throw new CloseConnectionException("the rest of a request is not waited for");
    }
  }

  /**
   * To be called last, where {@link #finish} did not come to its end. The server by itself waits
   * for what is left of a stream of HTTP/2, however long that takes, unless it is interrupted.
   */
  void abandon() {
    if (!isHttp1() && request.content().hasEntity() && !request.content().consumed()) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Whether the answer is to say that no other request is taken after this one, as far as that is
   * known before it is sent.
   */
  boolean endsConnection() {
    boolean isLost = isTooLarge() || (isEncoded() && !isPassedOver());
    return isLost && isHttp1();
  }

  /** Passes over what was not read; false when the connection is of no use for another request. */
  private boolean isPassedOver() {
    if (!request.content().hasEntity() || request.content().consumed()) {
      return true;
    }
    if (raw == null && request.headers().contains(HeaderValues.EXPECT_100)) {
      return false; // What was not asked for is not waited for.
    }
    byte[] buffer = new byte[8_192];
    try (BodyLimit rest = new BodyLimit(stream(), limits, new AtomicLong());
        TimeWatch.Guard silence = watch.guard(limits.timeOf(Limit.REQUEST_PAUSE), () -> {})) {
      while (rest.read(buffer, 0, buffer.length) >= 0) {
        silence.touch();
      }
      return !silence.isExpired();
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }
}
