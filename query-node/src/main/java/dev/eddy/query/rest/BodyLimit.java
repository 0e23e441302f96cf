package dev.eddy.query.rest;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A request body that may not be longer than a limit, and counts against what all requests together
 * may hold until it is closed. Used by one thread.
 */
final class BodyLimit extends InputStream {
  private final InputStream in;
  private final long maxBytes;
  private final AtomicLong inFlightBytes;
  private final long maxInFlightBytes;
  private long count;

  /**
   * Wraps a body.
   *
   * @param inFlightBytes counter of all bodies together
   */
  BodyLimit(InputStream in, long maxBytes, AtomicLong inFlightBytes, long maxInFlightBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
    this.inFlightBytes = inFlightBytes;
    this.maxInFlightBytes = maxInFlightBytes;
  }

  static EddyException tooLarge(long maxBytes) {
    return new EddyException(
        ErrorCode.MALFORMED_BODY,
        "Format error in JSON body: JSON payload has exceeded limit (" + maxBytes + " bytes)");
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
      read = in.read(target, from, length);
    } catch (IOException | RuntimeException e) {
      throw unreadable(e);
    }
    return counted(read);
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

  private int counted(int read) {
    if (read > 0) {
      count += read;
      if (inFlightBytes.addAndGet(read) > maxInFlightBytes) {
        throw new EddyException(
            ErrorCode.OVERLOADED,
            "Rate limiting exceeded: request bodies in flight exceed "
                + maxInFlightBytes
                + " bytes");
      }
      if (count > maxBytes) {
        throw tooLarge(maxBytes);
      }
    }
    return read;
  }

  /** Gives back what was counted; the stream below is left to its owner. */
  @Override
  public void close() {
    inFlightBytes.addAndGet(-count);
    count = 0;
  }
}
