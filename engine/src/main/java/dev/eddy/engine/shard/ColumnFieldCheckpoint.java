package dev.eddy.engine.shard;

import dev.eddy.engine.column.ColumnCheckpoint;
import dev.eddy.engine.column.ColumnManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * A column's checkpoint as that of a field.
 *
 * @param name what the checkpoint's manifest calls it
 */
record ColumnFieldCheckpoint(String name, ColumnCheckpoint column) implements FieldCheckpoint {
  @Override
  public Written writeTo(Path folder) throws IOException {
    ColumnManifest manifest = column.writeTo(folder);
    return new Written(Map.of(name, manifest.encode()), manifest.lengthBytes());
  }

  @Override
  public void close() {
    column.close();
  }
}
