package dev.eddy.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void theHeaderComesOnceAndNumbersGetTheDigitsTheyDeserve() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Table table = new Table(new PrintStream(out, true, StandardCharsets.UTF_8), "what", "value");

    table.row("rate", 47535.4);
    table.row("time", 0.874);
    table.row("count", 12);
    table.row("unknown", Double.NaN);

    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "| what | value |",
            "|---|---|",
            "| rate | 47,535 |",
            "| time | 0.87 |",
            "| count | 12 |",
            "| unknown | – |");
  }

  @Test
  void whatWasNotMeasuredIsADash() {
    assertThat(Table.recall(0.98765)).isEqualTo("0.988");
    assertThat(Table.recall(Double.NaN)).isEqualTo("–");
    assertThat(Table.range(new double[] {1, 2})).isEqualTo("1.00 – 2.00");
    assertThat(Table.range(new double[] {Double.NaN, Double.NaN})).isEqualTo("–");
  }
}
