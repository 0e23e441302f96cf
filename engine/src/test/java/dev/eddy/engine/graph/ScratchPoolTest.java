package dev.eddy.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class ScratchPoolTest {
  @Test
  void keepsSoManyAndMakesWhatIsMissing() {
    ScratchPool pool = new ScratchPool(2);
    SearchScratch a = pool.acquire();
    SearchScratch b = pool.acquire();
    SearchScratch c = pool.acquire();
    assertThat(List.of(a, b, c)).doesNotHaveDuplicates();
    List.of(a, b, c).forEach(pool::release);
    assertThat(List.of(pool.acquire(), pool.acquire())).containsExactlyInAnyOrder(a, b);
    assertThat(pool.acquire()).isNotIn(a, b, c);
  }

  @Test
  void nobodyGetsWhatAnotherHolds() throws Exception {
    ScratchPool pool = new ScratchPool(3);
    Set<SearchScratch> held =
        Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        all.add(
            threads.submit(() -> {
              for (int round = 0; round < 5_000; round++) {
                SearchScratch scratch = pool.acquire();
                assertThat(held.add(scratch)).isTrue();
                assertThat(held.remove(scratch)).isTrue();
                pool.release(scratch);
              }
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }
}
