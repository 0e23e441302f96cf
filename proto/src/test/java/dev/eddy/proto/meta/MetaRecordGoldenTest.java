package dev.eddy.proto.meta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.cluster.MetaChange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The bytes of metadata records, format 1, pinned: keys decide what compaction keeps, values are
 * read by every later version.
 */
final class MetaRecordGoldenTest {
  private static final String GOLDEN = "/golden/meta-record-v1/records.txt";

  @Test
  void everyKindIsWrittenAsItAlwaysWas() throws IOException {
    assertThat(MetaRecordSamples.all().stream().map(MetaRecordSamples::line).toList())
        .containsExactlyElementsOf(golden());
  }

  @Test
  void whatWasEverWrittenIsStillRead() throws IOException {
    List<MetaChange> read = new ArrayList<>();
    for (String line : golden()) {
      String[] parts = line.split(" ", 2);
      read.add(MetaRecordCodec.decode(parts[0], HexFormat.of().parseHex(parts[1])));
    }
    assertThat(read).isEqualTo(MetaRecordSamples.all());
  }

  private static List<String> golden() throws IOException {
    try (InputStream in = MetaRecordGoldenTest.class.getResourceAsStream(GOLDEN)) {
      assertThat(in).as(GOLDEN).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
