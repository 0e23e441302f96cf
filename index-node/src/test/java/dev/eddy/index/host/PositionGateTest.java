package dev.eddy.index.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardException.Reason;
import dev.eddy.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

final class PositionGateTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);

  private final PositionGate gate = new PositionGate(5, 3);

  @Test
  void aReachedPositionIsNotWaitedFor() {
    assertThat(gate.await(5, Duration.ZERO)).isEqualTo(5);
  }

  @Test
  void waitersGoAsSoonAsTheirPositionIsReached() throws Exception {
    CompletableFuture<Long> near = waiting(7);
    CompletableFuture<Long> far = waiting(9);
    Await.until("both wait", () -> gate.waiting() == 2);

    gate.advance(8);

    assertThat(near.get()).isEqualTo(8);
    assertThat(far).isNotDone();
    gate.advance(9);
    assertThat(far.get()).isEqualTo(9);
    assertThat(gate.waiting()).isZero();
  }

  @Test
  void thePositionNeverDecreases() {
    gate.advance(3);
    assertThat(gate.position()).isEqualTo(5);
  }

  @Test
  void anUnreachedPositionIsStaleAndSaysByHowMuch() {
    assertThatThrownBy(() -> gate.await(12, Duration.ofMillis(1)))
        .isInstanceOf(ShardException.class)
        .hasMessageContaining("position 5 is 7 behind the asked 12")
        .extracting(e -> ((ShardException) e).reason())
        .isEqualTo(Reason.STALE);
    assertThat(gate.waiting()).isZero();
  }

  @Test
  void closingFailsThoseWhoWaitAndThoseWhoCome() {
    List<CompletableFuture<Long>> waiters = new ArrayList<>(List.of(waiting(7), waiting(8)));
    Await.until("both wait", () -> gate.waiting() == 2);

    gate.close(new ShardException(Reason.NOT_HOSTED, "gone"));
    waiters.add(waiting(1));

    for (CompletableFuture<Long> waiter : waiters) {
      assertThatThrownBy(waiter::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(ShardException.class)
          .hasMessageContaining("gone");
    }
  }

  @Test
  void oneWaiterTooManyIsRefused() {
    for (int i = 0; i < 3; i++) {
      var _ = waiting(100 + i);
    }
    Await.until("three wait", () -> gate.waiting() == 3);

    assertThatThrownBy(() -> gate.await(6, LONG))
        .isInstanceOf(ShardException.class)
        .hasMessageContaining("limit 3");
    gate.advance(200);
  }

  private CompletableFuture<Long> waiting(long position) {
    return CompletableFuture.supplyAsync(() -> gate.await(position, LONG), VIRTUAL);
  }
}
