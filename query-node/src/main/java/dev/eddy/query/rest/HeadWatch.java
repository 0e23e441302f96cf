package dev.eddy.query.rest;

import dev.eddy.query.watch.TimeWatch;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection of HTTP/1 whose headers don't come in time: the server itself only bounds
 * each pause. Safe from any thread.
 */
final class HeadWatch implements Http1ConnectionListener {
  private final TimeWatch watch;
  private final Duration time;
  private final Runnable expired;
  private final ThreadLocal<TimeWatch.@Nullable Guard> guards = new ThreadLocal<>();

  HeadWatch(TimeWatch watch, Duration time, Runnable expired) {
    this.watch = watch;
    this.time = time;
    this.expired = expired;
  }

  /** The request line is read. */
  @Override
  public void prologue(ConnectionContext connection, HttpPrologue prologue) {
    guards.set(watch.guard(time, expired));
  }

  @Override
  public void headers(ConnectionContext connection, Headers headers) {
    TimeWatch.Guard guard = guards.get();
    if (guard != null) {
      guard.close();
      guards.remove();
    }
  }
}
