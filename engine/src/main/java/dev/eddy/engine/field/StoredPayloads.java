package dev.eddy.engine.field;

import dev.eddy.model.point.Payload;
import java.util.function.ObjIntConsumer;

/** The payloads of one moment, for a base to be read from. One thread. */
public interface StoredPayloads extends AutoCloseable {
  /** Hands over the payload of every live slot that has one, ascending. */
  void forEach(ObjIntConsumer<Payload> consumer);

  @Override
  void close();
}
