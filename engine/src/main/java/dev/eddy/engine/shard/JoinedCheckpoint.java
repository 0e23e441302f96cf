package dev.eddy.engine.shard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The checkpoint of a field that is made of several.
 *
 * @param parts each with names of its own in the manifest
 */
record JoinedCheckpoint(List<FieldCheckpoint> parts) implements FieldCheckpoint {
  JoinedCheckpoint {
    parts = List.copyOf(parts);
  }

  @Override
  public Written writeTo(Path folder) throws IOException {
    Map<String, byte[]> manifests = new HashMap<>();
    long lengthBytes = 0;
    for (FieldCheckpoint part : parts) {
      Written written = part.writeTo(folder);
      manifests.putAll(written.manifests());
      lengthBytes += written.lengthBytes();
    }
    return new Written(manifests, lengthBytes);
  }

  @Override
  public void close() {
    parts.forEach(FieldCheckpoint::close);
  }
}
