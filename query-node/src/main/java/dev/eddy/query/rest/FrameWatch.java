package dev.eddy.query.rest;

import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;
import dev.eddy.query.metrics.RequestMetrics;
import dev.eddy.query.watch.TimeWatch;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.http2.Http2ErrorCode;
import io.helidon.http.http2.Http2Exception;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the frames of one connection of HTTP/2 on their way to the server, which itself waits
 * for the end of headers for as long as there are frames, and keeps all of them; and sees to it
 * that the connection's thread comes back for more, which waits for room in streams and for the
 * client to take what it is sent. Used by the connection's thread.
 */
final class FrameWatch implements Supplier<byte @Nullable []>, AutoCloseable {
  /** Length, type, flags and stream (RFC 9113, section 4.1). */
  private static final int HEAD_BYTES = 9;

  private static final int PREFACE_BYTES = 24;
  private static final int HEADERS = 1;
  private static final int CONTINUATION = 9;
  private static final int END_HEADERS = 4;

  /** The server takes less of headers than one frame holds. */
  private static final int CONTINUATIONS_MAX = 32;

  private final DataReader source;
  private final TimeWatch watch;
  private final Limits limits;
  private final RequestMetrics metrics;
  private final byte[] head = new byte[HEAD_BYTES];
  private int headBytes;
  private long skipped = PREFACE_BYTES;
  private int continuations;
  private TimeWatch.@Nullable Guard headers;
  private TimeWatch.@Nullable Guard work;

  FrameWatch(DataReader source, TimeWatch watch, Limits limits, RequestMetrics metrics) {
    this.source = source;
    this.watch = watch;
    this.limits = limits;
    this.metrics = metrics;
  }

  /**
   * More bytes of the connection; null at its end.
   *
   * @throws Http2Exception when headers have too many parts
   */
  @Override
  public byte @Nullable [] get() {
    work = closed(work);
    byte[] chunk;
    try {
      source.ensureAvailable();
      chunk = source.readBytes(source.available());
    } catch (DataReader.InsufficientDataAvailableException e) {
      return null;
    }
    for (int at = 0; at < chunk.length; ) {
      at = pass(chunk, at);
    }
    work =
        watch.guard(limits.timeOf(Limit.ANSWER_TIME), () -> metrics.restRefused(Limit.ANSWER_TIME));
    return chunk;
  }

  /** Passes over what is inside a frame, or takes a byte of what is before it. */
  private int pass(byte[] chunk, int at) {
    if (skipped > 0) {
      int now = (int) Math.min(skipped, chunk.length - at);
      skipped -= now;
      return at + now;
    }
    head[headBytes++] = chunk[at];
    if (headBytes == HEAD_BYTES) {
      headBytes = 0;
      skipped = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff;
      frame(head[3], (head[4] & END_HEADERS) != 0);
    }
    return at + 1;
  }

  private void frame(int type, boolean isEndOfHeaders) {
    if (type == CONTINUATION && ++continuations > CONTINUATIONS_MAX) {
      throw new Http2Exception(
          Http2ErrorCode.ENHANCE_YOUR_CALM, "The headers come in too many parts.");
    }
    if (type == HEADERS && !isEndOfHeaders) {
      continuations = 0;
      headers = closed(headers);
      headers =
          watch.guard(
              limits.timeOf(Limit.REQUEST_TIME), () -> metrics.restRefused(Limit.REQUEST_TIME));
    } else if (type == CONTINUATION && isEndOfHeaders) {
      headers = closed(headers);
    }
  }

  private static TimeWatch.@Nullable Guard closed(TimeWatch.@Nullable Guard guard) {
    if (guard != null) {
      guard.close();
    }
    return null;
  }

  /** Nothing more is waited for. */
  @Override
  public void close() {
    work = closed(work);
    headers = closed(headers);
  }
}
