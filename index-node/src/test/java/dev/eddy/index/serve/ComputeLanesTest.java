package dev.eddy.index.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardException.Reason;
import dev.eddy.model.usage.HardwareUsage;
import dev.eddy.testkit.Await;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ComputeLanesTest {
  private static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);
  private static final Runnable NOTHING = () -> {};

  private final ComputeLanes lanes =
      new ComputeLanes(
          new ServeSettings(1, 1, 1, 1, Duration.ofSeconds(1), Duration.ofSeconds(1), 1 << 20),
          this::giveWay);

  private final AtomicInteger turns = new AtomicInteger();
  private Runnable others = NOTHING;

  private void giveWay() {
    turns.incrementAndGet();
    others.run();
  }

  @AfterEach
  void close() {
    lanes.close();
  }

  @Test
  void workRunsOnAPlatformThread() {
    assertThat(lanes.run(in(60), () -> Thread.currentThread().isVirtual(), NOTHING)).isFalse();
  }

  @Test
  void shortWorkRunsWhereItIsAskedForWhileThereIsAPlace() throws Exception {
    assertThat(lanes.runShort(in(60), Thread::currentThread)).isSameAs(Thread.currentThread());
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Integer> first =
        CompletableFuture.supplyAsync(
            () ->
                lanes.runShort(
                    in(60),
                    () -> {
                      begun.countDown();
                      awaitUninterrupted(held);
                      return 1;
                    }),
            VIRTUAL);
    begun.await();
    assertThat(lanes.runShort(in(60), Thread::currentThread))
        .as("the only place is taken")
        .isNotSameAs(Thread.currentThread());
    held.countDown();
    assertThat(first.get()).isEqualTo(1);
    assertThat(lanes.runShort(in(60), Thread::currentThread)).isSameAs(Thread.currentThread());
  }

  @Test
  void shortWorkWhoseTimeIsUpIsNotBegun() {
    AtomicInteger computed = new AtomicInteger();
    assertThatThrownBy(() -> lanes.runShort(in(0), computed::incrementAndGet))
        .isInstanceOf(ShardException.class)
        .extracting(e -> ((ShardException) e).reason())
        .isEqualTo(Reason.TIMEOUT);
  }

  @Test
  void someShortWorkGivesWayFirst() {
    for (int i = 0; i < 100; i++) {
      lanes.runShort(in(60), () -> 1);
    }
    assertThat(turns).hasValue(25);
  }

  @Test
  void shortWorkWhoseTimeIsUpAfterOthersIsNotBegun() {
    AtomicLong nanos = new AtomicLong();
    others = () -> nanos.set(2);
    AtomicInteger computed = new AtomicInteger();
    assertThatThrownBy(
            () -> {
              while (true) {
                lanes.runShort(
                    Deadline.in(Duration.ofNanos(1), nanos::get), computed::incrementAndGet);
              }
            })
        .isInstanceOf(ShardException.class)
        .extracting(e -> ((ShardException) e).reason())
        .isEqualTo(Reason.TIMEOUT);
    assertThat(computed).hasValue(3);
    others = NOTHING;
    assertThat(lanes.runShort(in(60), Thread::currentThread))
        .as("its place is free again")
        .isSameAs(Thread.currentThread());
  }

  @Test
  void whatShortWorkThrowsIsToldAsOfALane() {
    assertThatThrownBy(() ->
            lanes.runShort(
                in(60),
                () -> {
                  throw new IllegalStateException("broken");
                }))
        .isInstanceOf(ShardException.class)
        .hasMessageContaining("broken");
    assertThat(lanes.runShort(in(60), Thread::currentThread))
        .as("its place is free again")
        .isSameAs(Thread.currentThread());
  }

  @Test
  void whatWorkUsesCountsForTheRequestThatAsks() {
    HardwareUsage usage = new HardwareUsage();
    Supplier<Integer> work =
        () -> {
          HardwareUsage.add(HardwareUsage.Part.CPU, 5);
          return 1;
        };
    assertThat(usage.during(() -> lanes.run(in(60), work, NOTHING))).isEqualTo(1);
    assertThat(lanes.run(in(60), work, NOTHING)).isEqualTo(1);
    assertThat(usage.get(HardwareUsage.Part.CPU)).isEqualTo(5);
  }

  @Test
  void oneRequestTooManyIsRefusedAsOverloaded() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    CompletableFuture<Integer> running = submit(held);
    Await.until("one runs", () -> lanes.queued() == 0 && !running.isDone() && started.get() == 1);
    CompletableFuture<Integer> waiting = submit(held);
    Await.until("one waits", () -> lanes.queued() == 1);
    AtomicInteger afterwards = new AtomicInteger();

    assertThatThrownBy(() -> lanes.run(in(60), () -> 1, afterwards::incrementAndGet))
        .isInstanceOf(ShardException.class)
        .extracting(e -> ((ShardException) e).reason())
        .isEqualTo(Reason.OVERLOADED);

    assertThat(afterwards).hasValue(1);
    held.countDown();
    assertThat(running.get()).isEqualTo(1);
    assertThat(waiting.get()).isEqualTo(2);
  }

  @Test
  void whoRunsOutOfTimeInTheQueueIsNeverComputed() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    CompletableFuture<Integer> running = submit(held);
    Await.until("one runs", () -> started.get() == 1);
    AtomicInteger computed = new AtomicInteger();
    AtomicInteger afterwards = new AtomicInteger();

    assertThatThrownBy(
            () -> lanes.run(in(0), computed::incrementAndGet, afterwards::incrementAndGet))
        .isInstanceOf(ShardException.class)
        .extracting(e -> ((ShardException) e).reason())
        .isEqualTo(Reason.TIMEOUT);

    held.countDown();
    assertThat(running.get()).isEqualTo(1);
    assertThat(lanes.run(in(60), () -> 5, NOTHING)).isEqualTo(5);
    assertThat(computed).hasValue(0);
    assertThat(afterwards).hasValue(1);
  }

  @Test
  void aUsersMistakePassesAndAnythingElseIsAFailureOfTheShard() {
    assertThatThrownBy(() ->
            lanes.run(
                in(60),
                () -> {
                  throw EddyException.wrongInput("no such vector");
                },
                NOTHING))
        .isInstanceOf(EddyException.class);
    assertThatThrownBy(() ->
            lanes.run(
                in(60),
                () -> {
                  throw new IllegalStateException("broken");
                },
                NOTHING))
        .isInstanceOf(ShardException.class)
        .hasMessageContaining("broken");
  }

  private final AtomicInteger started = new AtomicInteger();

  private CompletableFuture<Integer> submit(CountDownLatch held) {
    return CompletableFuture.supplyAsync(
        () ->
            lanes.run(
                in(60),
                () -> {
                  int number = started.incrementAndGet();
                  awaitUninterrupted(held);
                  return number;
                },
                NOTHING),
        VIRTUAL);
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Deadline in(long seconds) {
    return Deadline.in(Duration.ofSeconds(seconds), System::nanoTime);
  }
}
