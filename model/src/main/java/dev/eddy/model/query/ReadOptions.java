package dev.eddy.model.query;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How fresh a read must be and how long it may take.
 *
 * @param strong capture the log end now and answer at or beyond it
 * @param token at least this position, or null
 * @param timeout bounds the whole request
 */
public record ReadOptions(boolean strong, @Nullable ReadToken token, Duration timeout) {
  public static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(60);
  public static final ReadOptions DEFAULT = new ReadOptions(false, null, TIMEOUT_DEFAULT);

  public Optional<ReadToken> readToken() {
    return Optional.ofNullable(token);
  }
}
