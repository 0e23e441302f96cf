package dev.eddy.query.rest;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
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
    int value = in.read();
    counted(value < 0 ? -1 : 1);
    return value;
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    return counted(in.read(target, from, length));
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
