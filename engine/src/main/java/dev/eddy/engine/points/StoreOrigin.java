package dev.eddy.engine.points;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a point store begins with, and what can be said of it before it is opened.
 *
 * @param copy a folder that {@link PointStore} was copied into and that stays as it is until the
 *     store is opened or closed; null = nothing
 * @param payloadBytes see {@link PointStore#payloadBytes}
 * @param diskBytes of tables
 */
public record StoreOrigin(@Nullable Path copy, long payloadBytes, long diskBytes) {
  public static final StoreOrigin NOTHING = new StoreOrigin(null, 0, 0);
}
