package dev.eddy.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.shard.ShardId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Old manifests are read, and written again as they were. {@code -Deddy.golden.write} writes. */
final class ManifestGoldenTest {
  private static final Path GOLDEN =
      Path.of("src/test/resources/golden/checkpoint-manifest-v1/manifest");
  private static final Path INDEXED = GOLDEN.resolveSibling("manifest-indexed");
  private static final Path MEASURED = GOLDEN.resolveSibling("manifest-measured");
  private static final CheckpointManifest MANIFEST =
      manifest(JsonObject.EMPTY, CheckpointManifest.UNKNOWN);

  private static CheckpointManifest manifest(JsonObject fieldIndexes, long payloadBytes) {
    return new CheckpointManifest(
        new ShardId(new UUID(1, 2), 3, 4),
        new UUID(5, 6),
        789,
        2,
        List.of(new StoredFile("state", 100, 0xcafe), new StoredFile("points/CURRENT", 16, -1)),
        Map.of("", new byte[] {1, 2}, "text", new byte[] {(byte) 0xff}),
        fieldIndexes,
        payloadBytes,
        new JsonObject(Map.of("meta_number", new JsonLong(12))));
  }

  @Test
  void theBytesAreTheGoldenOnes() throws IOException {
    byte[] bytes = ManifestCodec.encode(MANIFEST);
    if (Boolean.getBoolean("eddy.golden.write")) {
      Files.createDirectories(GOLDEN.getParent());
      Files.write(GOLDEN, bytes);
    }
    assertThat(bytes).isEqualTo(Files.readAllBytes(GOLDEN));
  }

  @Test
  void theGoldenBytesAreRead() throws IOException {
    CheckpointManifest read = ManifestCodec.decode(GOLDEN, Files.readAllBytes(GOLDEN));
    assertThat(ManifestCodec.encode(read)).isEqualTo(ManifestCodec.encode(MANIFEST));
    assertThat(read.files()).isEqualTo(MANIFEST.files());
    assertThat(read.position()).isEqualTo(789);
  }

  @Test
  void whatIsSaidOfFieldIndexesIsTheGoldenOneToo() throws IOException {
    CheckpointManifest manifest =
        manifest(new JsonObject(Map.of("format", new JsonLong(1))), CheckpointManifest.UNKNOWN);
    byte[] bytes = ManifestCodec.encode(manifest);
    if (Boolean.getBoolean("eddy.golden.write")) {
      Files.write(INDEXED, bytes);
    }
    assertThat(bytes).isEqualTo(Files.readAllBytes(INDEXED));
    assertThat(ManifestCodec.decode(INDEXED, bytes).fieldIndexes())
        .isEqualTo(manifest.fieldIndexes());
  }

  @Test
  void whatPayloadsTakeIsTheGoldenOneToo() throws IOException {
    CheckpointManifest manifest = manifest(JsonObject.EMPTY, 0);
    byte[] bytes = ManifestCodec.encode(manifest);
    if (Boolean.getBoolean("eddy.golden.write")) {
      Files.write(MEASURED, bytes);
    }
    assertThat(bytes).isEqualTo(Files.readAllBytes(MEASURED));
    assertThat(ManifestCodec.decode(MEASURED, bytes).payloadBytes()).isZero();
    assertThat(ManifestCodec.decode(GOLDEN, Files.readAllBytes(GOLDEN)).payloadBytes())
        .isEqualTo(CheckpointManifest.UNKNOWN);
  }

  @Test
  void everyFlippedBitIsNoticed() throws IOException {
    byte[] bytes = ManifestCodec.encode(MANIFEST);
    for (int i = 0; i < bytes.length * 8; i++) {
      byte[] flipped = bytes.clone();
      flipped[i / 8] ^= (byte) (1 << (i % 8));
      assertThatThrownBy(() -> ManifestCodec.decode(GOLDEN, flipped))
          .as("bit " + i)
          .isInstanceOf(CorruptFileException.class);
    }
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> ManifestCodec.decode(GOLDEN, cut))
          .as("length " + length)
          .isInstanceOf(CorruptFileException.class);
    }
  }
}
