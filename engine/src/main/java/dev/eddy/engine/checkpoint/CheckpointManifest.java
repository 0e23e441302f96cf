package dev.eddy.engine.checkpoint;

import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.shard.ShardId;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What a checkpoint is of, and what it consists of.
 *
 * @param logTopicId of the log whose prefix this is
 * @param position next offset to apply
 * @param leaderEpoch of the last record applied, or -1
 * @param files every file that is checked as a whole
 * @param vectorFields encoded manifests of vector fields by vector name; their files are checked by
 *     the field
 * @param fieldIndexes what the owner says of stored field indexes, whose files it checks itself:
 *     they can be made again; no members where there are none
 * @param payloadBytes what payloads take, about, so that the point store need not be opened to say
 *     so; {@link #UNKNOWN} of earlier builds
 * @param shape what the owner needs to know before it opens the files: the collection's
 *     configuration
 */
public record CheckpointManifest(
    ShardId shard,
    UUID logTopicId,
    long position,
    int leaderEpoch,
    List<StoredFile> files,
    Map<String, byte[]> vectorFields,
    JsonObject fieldIndexes,
    long payloadBytes,
    JsonObject shape) {
  public static final long UNKNOWN = -1;

  public CheckpointManifest {
    files = List.copyOf(files);
    vectorFields = Map.copyOf(vectorFields);
  }
}
