package dev.eddy.engine.shard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The vectors of a name at one moment, to be written by any one thread. Close it when done, written
 * or not.
 */
interface FieldCheckpoint extends AutoCloseable {
  /**
   * What was written.
   *
   * @param manifests what the checkpoint's manifest says of the field, by the names it has there
   * @param lengthBytes of its files
   */
  record Written(Map<String, byte[]> manifests, long lengthBytes) {}

  /** Writes or links the field's files into the folder and forces them to disk. */
  Written writeTo(Path folder) throws IOException;

  @Override
  void close();
}
