package dev.eddy.index;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeFolderTest {
  @TempDir Path data;

  @Test
  void theNodeIsTheSameAtEveryStartAndItsIncarnationGrows() {
    String nodeId;
    try (NodeFolder first = NodeFolder.open(data, "eddy")) {
      nodeId = first.nodeId();
      assertThat(first.incarnation()).isEqualTo(1);
    }
    try (NodeFolder second = NodeFolder.open(data, "eddy")) {
      assertThat(second.nodeId()).isEqualTo(nodeId);
      assertThat(second.incarnation()).isEqualTo(2);
    }
  }

  @Test
  void theIdentityOfFormatOneIsReadAndWrittenAsEver() throws IOException {
    String golden;
    try (var file =
        requireNonNull(
            NodeFolderTest.class.getResourceAsStream("/golden/node-identity-v1/node.txt"))) {
      golden = new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
    Files.writeString(data.resolve("node.txt"), golden);

    try (NodeFolder folder = NodeFolder.open(data, "eddy")) {
      assertThat(folder.nodeId()).isEqualTo("0b7c2c4e-94f6-4f0c-9a3e-2f1d5b6a7c88");
      assertThat(folder.incarnation()).isEqualTo(42);
    }
    assertThat(Files.readString(data.resolve("node.txt")))
        .isEqualTo(golden.replace("incarnation=41", "incarnation=42"));
  }

  @Test
  void aFolderInUseIsRefused() {
    try (NodeFolder first = NodeFolder.open(data, "eddy")) {
      assertThatThrownBy(() -> NodeFolder.open(first.path(), "eddy"))
          .isInstanceOf(IndexNodeException.class)
          .hasMessageContaining("in use by another process");
    }
  }

  @Test
  void aFolderOfAnotherClusterIsRefusedAndStaysAsItIs() {
    NodeFolder.open(data, "eddy").close();

    assertThatThrownBy(() -> NodeFolder.open(data, "other"))
        .isInstanceOf(IndexNodeException.class)
        .hasMessageContaining("belongs to cluster eddy, not to other");

    try (NodeFolder again = NodeFolder.open(data, "eddy")) {
      assertThat(again.incarnation()).isEqualTo(2);
    }
  }

  @Test
  void anIdentityOfAnotherFormatIsRefused() throws IOException {
    Files.writeString(data.resolve("node.txt"), "format=2\nnode-id=x\ncluster=eddy\n");
    assertThatThrownBy(() -> NodeFolder.open(data, "eddy"))
        .isInstanceOf(IndexNodeException.class)
        .hasMessageContaining("format 1");
  }
}
