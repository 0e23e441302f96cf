package dev.eddy.model.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.shard.MemoryUse.Bytes;
import dev.eddy.model.shard.MemoryUse.Component;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MemoryUseTest {
  private static MemoryUse use() {
    MemoryUse.Sum sum = new MemoryUse.Sum();
    sum.add(Component.VECTORS, 100, 1_000);
    sum.add(Component.LINKS, 0, 0);
    sum.add(Component.PAYLOADS, 7, 70);
    sum.addFieldIndex("city", 5);
    sum.addFieldIndex("at", 3);
    return sum.done();
  }

  @Test
  void onlyWhatHoldsSomethingIsTold() {
    assertThat(use().components())
        .containsOnlyKeys(Component.VECTORS, Component.PAYLOADS, Component.FIELD_INDEXES);
    assertThat(use().of(Component.LINKS)).isEqualTo(Bytes.NONE);
    assertThat(MemoryUse.sum(List.of())).isEqualTo(MemoryUse.NONE);
  }

  @Test
  void cachesWithASizeOfTheirOwnAreNotOnTheHeap() {
    assertThat(use().heapBytes()).isEqualTo(108);
    assertThat(use().memoryBytes()).isEqualTo(115);
    assertThat(use().fileBytes()).isEqualTo(1_070);
  }

  @Test
  void usesAddUpByComponentAndField() {
    MemoryUse both = MemoryUse.sum(List.of(use(), use()));
    assertThat(both.of(Component.VECTORS)).isEqualTo(new Bytes(200, 2_000));
    assertThat(both.of(Component.FIELD_INDEXES)).isEqualTo(new Bytes(16, 0));
    assertThat(both.fieldIndexes()).containsEntry("city", 10L).containsEntry("at", 6L);
  }

  @Test
  void withoutFieldsTheirSumStays() {
    assertThat(use().withoutFields().fieldIndexes()).isEmpty();
    assertThat(use().withoutFields().components()).isEqualTo(use().components());
  }
}
