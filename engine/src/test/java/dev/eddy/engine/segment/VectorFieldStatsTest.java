package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.shard.MemoryUse.Component;
import dev.eddy.model.shard.VectorForms;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class VectorFieldStatsTest {
  private static MemoryUse memory(Component component, long bytes, long fileBytes) {
    MemoryUse.Sum sum = new MemoryUse.Sum();
    sum.add(component, bytes, fileBytes);
    return sum.done();
  }

  @Test
  void sumsOfFieldsAddUpEachNumber() {
    VectorForms forms = new VectorForms(1, 2, 3, 4, Map.of());
    VectorFieldStats.Sum sum = new VectorFieldStats.Sum();
    sum.add(new VectorFieldStats(1, 2, 3, 4, 5, 6, forms, memory(Component.VECTORS, 7, 8), 9));
    sum.add(
        new VectorFieldStats(10, 20, 30, 40, 50, 60, forms, memory(Component.VECTORS, 70, 80), 90));
    sum.add(memory(Component.LINKS, 100, 0), 200);
    sum.memory().add(Component.POINTS, 300, 400);
    VectorFieldStats stats = sum.done();
    assertThat(stats)
        .isEqualTo(
            new VectorFieldStats(
                11,
                22,
                33,
                44,
                55,
                66,
                new VectorForms(2, 4, 6, 8, Map.of()),
                stats.memory(),
                299));
    assertThat(stats.memory().of(Component.VECTORS)).isEqualTo(new MemoryUse.Bytes(77, 88));
    assertThat(stats.memory().of(Component.LINKS)).isEqualTo(new MemoryUse.Bytes(100, 0));
    assertThat(stats.memory().of(Component.POINTS)).isEqualTo(new MemoryUse.Bytes(300, 400));
    assertThat(stats.fileBytes()).isEqualTo(488);
  }

  @Test
  void anEmptySumIsAllZeros() {
    assertThat(new VectorFieldStats.Sum().done())
        .isEqualTo(new VectorFieldStats(0, 0, 0, 0, 0, 0, VectorForms.NONE, MemoryUse.NONE, 0));
  }
}
