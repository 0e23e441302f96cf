package dev.eddy.query.rest;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A request body that may not be longer than a limit nor take longer than another, and counts
 * against what all requests together may hold until it is closed. Used by one thread.
 */
final class BodyLimit extends InputStream {
  private final InputStream in;
  private final Limits limits;
  private final AtomicLong inFlightBytes;
  private long waitedNanos;
  private long count;
  private long held;

  /**
   * Wraps a body.
   *
   * @param inFlightBytes counter of all bodies together
   */
  BodyLimit(InputStream in, Limits limits, AtomicLong inFlightBytes) {
    this.in = in;
    this.limits = limits;
    this.inFlightBytes = inFlightBytes;
  }

  static EddyException tooLarge(Limits limits) {
    return new EddyException(
            ErrorCode.MALFORMED_BODY,
            "Format error in JSON body: JSON payload has exceeded limit ("
                + limits.of(Limit.REST_BODY)
                + " bytes)")
        .beyond(Limit.REST_BODY);
  }

  static EddyException tooSlow(Limits limits) {
    return late(limits, Limit.REQUEST_TIME, "the request did not arrive within %d ms");
  }

  static EddyException paused(Limits limits) {
    return late(limits, Limit.REQUEST_PAUSE, "the request body paused for more than %d ms");
  }

  private static EddyException late(Limits limits, Limit limit, String text) {
    return new EddyException(ErrorCode.TIMEOUT, text.formatted(limits.of(limit))).beyond(limit);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    long before = System.nanoTime();
    int read;
    try {
      read = in.read(target, from, length);
    } catch (IOException | RuntimeException e) {
      throw unreadable(e);
    }
    // Only the client's time counts, not what this node makes of its bytes.
    waitedNanos += System.nanoTime() - before;
    if (read > 0) {
      take(read, objectsIn(target, from, read));
    }
    return read;
  }

  /** What the client broke off, framed wrongly or compressed wrongly is no failure of ours. */
  static EddyException unreadable(Exception failure) throws SocketTimeoutException {
    if (failure instanceof EddyException known) {
      return known;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SocketTimeoutException late) {
        throw late;
      }
    }
    String reason = failure.getMessage();
    return EddyException.badRequest(
        "the body can't be read: " + (reason == null ? "it ends too early" : reason));
  }

  private void take(int bytes, int objects) {
    count += bytes;
    if (count > limits.of(Limit.REST_BODY)) {
      throw tooLarge(limits);
    }
    if (waitedNanos > limits.timeOf(Limit.REQUEST_TIME).toNanos()) {
      throw tooSlow(limits);
    }
    long weight = bytes + (long) objects * Limit.OBJECT_BYTES;
    held += weight;
    if (inFlightBytes.addAndGet(weight) > limits.of(Limit.REST_BODIES)) {
      throw new EddyException(
              ErrorCode.OVERLOADED,
              "Rate limiting exceeded: request bodies in flight exceed %d bytes"
                  .formatted(limits.of(Limit.REST_BODIES)))
          .beyond(Limit.REST_BODIES);
    }
  }

  /** Small objects take far more memory than text. In strings they are counted, too. */
  private static int objectsIn(byte[] bytes, int from, int length) {
    int objects = 0;
    for (int i = from; i < from + length; i++) {
      objects += bytes[i] == '{' ? 1 : 0;
    }
    return objects;
  }

  /** Gives back what was counted; the stream below is left to its owner. */
  @Override
  public void close() {
    inFlightBytes.addAndGet(-held);
    held = 0;
  }
}
