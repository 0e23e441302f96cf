package dev.eddy.engine.checkpoint;

import static dev.eddy.engine.checkpoint.ManifestJson.elements;
import static dev.eddy.engine.checkpoint.ManifestJson.member;
import static dev.eddy.engine.checkpoint.ManifestJson.number;
import static dev.eddy.engine.checkpoint.ManifestJson.object;
import static dev.eddy.engine.checkpoint.ManifestJson.text;

import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonArray;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.JsonValue.JsonString;
import dev.eddy.model.shard.ShardId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The manifest's bytes, format 1: one line {@code eddy-checkpoint 1 <crc32c>}, where the checksum
 * (8 hexadecimal digits) is of everything behind the line, then one JSON object.
 */
final class ManifestCodec {
  private static final String MAGIC = "eddy-checkpoint 1 ";
  private static final String FIELD_INDEXES = "field_indexes";
  private static final String PAYLOAD_BYTES = "payload_bytes";
  private static final int HEAD_BYTES = MAGIC.length() + 9;

  private ManifestCodec() {}

  static byte[] encode(CheckpointManifest manifest) {
    byte[] body = JsonCodec.write(json(manifest));
    byte[] head =
        (MAGIC + HexFormat.of().toHexDigits(checksum(body, 0)) + "\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] bytes = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, bytes, head.length, body.length);
    return bytes;
  }

  private static int checksum(byte[] bytes, int from) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, from, bytes.length - from);
    return (int) checksum.getValue();
  }

  private static JsonObject json(CheckpointManifest manifest) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    members.put("collection_id", new JsonString(manifest.shard().collectionId().toString()));
    members.put("generation", new JsonLong(manifest.shard().generation()));
    members.put("shard", new JsonLong(manifest.shard().shard()));
    members.put("log_topic_id", new JsonString(manifest.logTopicId().toString()));
    members.put("position", new JsonLong(manifest.position()));
    members.put("leader_epoch", new JsonLong(manifest.leaderEpoch()));
    List<JsonValue> files = new ArrayList<>();
    for (StoredFile file : manifest.files()) {
      Map<String, JsonValue> described = new LinkedHashMap<>();
      described.put("path", new JsonString(file.path()));
      described.put("length", new JsonLong(file.lengthBytes()));
      described.put("crc32c", new JsonString(HexFormat.of().toHexDigits(file.crc32c())));
      files.add(new JsonObject(described));
    }
    members.put("files", new JsonArray(files));
    Map<String, JsonValue> fields = new LinkedHashMap<>();
    new TreeMap<>(manifest.vectorFields())
        .forEach(
            (name, bytes) -> fields.put(name, new JsonString(HexFormat.of().formatHex(bytes))));
    members.put("vector_fields", new JsonObject(fields));
    if (!manifest.fieldIndexes().isEmpty()) {
      // Later than the rest: left out while it says nothing, and passed over by earlier builds.
      members.put(FIELD_INDEXES, manifest.fieldIndexes());
    }
    if (manifest.payloadBytes() != CheckpointManifest.UNKNOWN) { // As above.
      members.put(PAYLOAD_BYTES, new JsonLong(manifest.payloadBytes()));
    }
    members.put("shape", manifest.shape());
    return new JsonObject(members);
  }

  /**
   * @param file named in errors
   * @throws CorruptFileException when the bytes are not a manifest of a known format
   */
  static CheckpointManifest decode(Path file, byte[] bytes) throws IOException {
    String head =
        new String(bytes, 0, Math.min(HEAD_BYTES, bytes.length), StandardCharsets.US_ASCII);
    if (head.length() < HEAD_BYTES || !head.startsWith(MAGIC) || !head.endsWith("\n")) {
      throw new CorruptFileException(file, 0, "\"" + MAGIC + "\"", "\"" + head + "\"");
    }
    String found = HexFormat.of().toHexDigits(checksum(bytes, HEAD_BYTES));
    String expected = head.substring(MAGIC.length(), HEAD_BYTES - 1);
    if (!found.equals(expected)) {
      throw new CorruptFileException(file, HEAD_BYTES, "crc32c " + expected, found);
    }
    try {
      JsonObject json =
          (JsonObject) JsonCodec.parse(Arrays.copyOfRange(bytes, HEAD_BYTES, bytes.length));
      return manifest(json);
    } catch (ClassCastException | IllegalArgumentException | NullPointerException e) {
      throw new CorruptFileException(file, HEAD_BYTES, "a manifest of format 1", e.toString());
    }
  }

  private static CheckpointManifest manifest(JsonObject json) {
    List<StoredFile> files = new ArrayList<>();
    for (JsonValue element : elements(json, "files")) {
      files.add(
          new StoredFile(
              text(element, "path"),
              number(element, "length"),
              HexFormat.fromHexDigits(text(element, "crc32c"))));
    }
    Map<String, byte[]> fields = new LinkedHashMap<>();
    object(member(json, "vector_fields"))
        .members()
        .forEach(
            (name, hex) -> fields.put(name, HexFormat.of().parseHex(((JsonString) hex).value())));
    return new CheckpointManifest(
        new ShardId(
            UUID.fromString(text(json, "collection_id")),
            Math.toIntExact(number(json, "generation")),
            Math.toIntExact(number(json, "shard"))),
        UUID.fromString(text(json, "log_topic_id")),
        number(json, "position"),
        Math.toIntExact(number(json, "leader_epoch")),
        files,
        fields,
        (JsonObject) json.members().getOrDefault(FIELD_INDEXES, JsonObject.EMPTY),
        json.members().containsKey(PAYLOAD_BYTES)
            ? number(json, PAYLOAD_BYTES)
            : CheckpointManifest.UNKNOWN,
        object(member(json, "shape")));
  }
}
