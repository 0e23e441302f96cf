package dev.eddy.proto.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.update.Update;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The bytes of log records, format 1, pinned. They are in logs that are kept for ever: a change
 * here is a new format, never another text in this file.
 */
final class LogRecordGoldenTest {
  private static final String GOLDEN = "/golden/log-record-v1/records.txt";

  @Test
  void everyKindIsWrittenAsItAlwaysWas() throws IOException {
    Map<String, Update> samples = LogRecordSamples.byName();
    List<String> lines =
        samples.entrySet().stream()
            .map(each -> LogRecordSamples.line(each.getKey(), each.getValue()))
            .toList();
    assertThat(lines).containsExactlyElementsOf(golden());
  }

  @Test
  void whatWasEverWrittenIsStillRead() throws IOException {
    Map<String, Update> samples = LogRecordSamples.byName();
    for (String line : golden()) {
      String[] parts = line.split(" ", 2);
      Update read = LogRecordCodec.decode(HexFormat.of().parseHex(parts[1]));
      assertThat(read).as(parts[0]).isEqualTo(samples.get(parts[0]));
    }
  }

  private static List<String> golden() throws IOException {
    try (InputStream in = LogRecordGoldenTest.class.getResourceAsStream(GOLDEN)) {
      assertThat(in).as(GOLDEN).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
