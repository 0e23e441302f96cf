package dev.eddy.engine.shard;

import dev.eddy.engine.segment.FilePart;
import dev.eddy.engine.segment.VectorFieldCheckpoint;
import dev.eddy.engine.segment.VectorFieldManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The checkpoint of rows in segments as that of a field.
 *
 * @param name what the checkpoint's manifest calls it
 */
record RowsCheckpoint(String name, VectorFieldCheckpoint rows) implements FieldCheckpoint {
  @Override
  public Written writeTo(Path folder) throws IOException {
    VectorFieldManifest manifest = rows.writeTo(folder);
    return new Written(
        Map.of(name, manifest.encode()),
        manifest.files().stream().mapToLong(FilePart::lengthBytes).sum());
  }

  @Override
  public void close() {
    rows.close();
  }
}
