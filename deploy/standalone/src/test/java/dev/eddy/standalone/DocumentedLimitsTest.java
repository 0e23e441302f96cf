package dev.eddy.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.limit.Limit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of limits says what the code does. */
class DocumentedLimitsTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "limits.md");
  private static final Pattern ROW =
      Pattern.compile("^\\| `([a-z-]+)` \\| ([^|,]+)(?:,[^|]*)? \\| (yes|fixed) \\|");

  private record Row(String name, long standard, boolean isSettable) {}

  @Test
  void itHasEveryLimitWithItsDefaultAndWhetherItCanBeSet() throws IOException {
    List<Row> written =
        Files.readAllLines(PAGE).stream()
            .map(ROW::matcher)
            .filter(Matcher::find)
            .map(row ->
                new Row(row.group(1), number(row.group(2).strip()), row.group(3).equals("yes")))
            .toList();
    assertThat(written)
        .containsExactlyElementsOf(
            Arrays.stream(Limit.values())
                .map(limit -> new Row(limit.apiName(), limit.standard(), limit.isSettable()))
                .toList());
  }

  private static long number(String text) {
    String[] parts = text.split(" ");
    long factor =
        switch (parts.length == 1 ? "" : parts[1]) {
          case "", "B" -> 1;
          case "KiB" -> 1L << 10;
          case "MiB" -> 1L << 20;
          case "s" -> 1_000;
          default -> throw new AssertionError("unknown unit in " + text);
        };
    return Long.parseLong(parts[0]) * factor;
  }
}
