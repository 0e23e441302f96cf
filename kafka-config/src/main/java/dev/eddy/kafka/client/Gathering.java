package dev.eddy.kafka.client;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Gathers questions while one request is on its way, and puts them all into the next one. Safe from
 * any thread.
 *
 * <p>An answer always belongs to a request that left after the question came.
 *
 * @param <K> what is asked about
 * @param <V> an answer
 */
final class Gathering<K, V> {
  private static final long GATE_MS = 20;

  private final Function<Collection<K>, Map<K, CompletableFuture<V>>> request;
  private final Executor gateTimer =
      CompletableFuture.delayedExecutor(GATE_MS, TimeUnit.MILLISECONDS);
  private final Object lock = new Object();
  private Map<K, CompletableFuture<V>> waiting = new HashMap<>(); // guarded by lock
  private boolean isGateClosed; // guarded by lock

  /**
   * @param request asks about all of them at once; does not wait for answers, has one for each, and
   *     may throw
   */
  Gathering(Function<Collection<K>, Map<K, CompletableFuture<V>>> request) {
    this.request = request;
  }

  /** The answer about one. */
  CompletableFuture<V> ask(K key) {
    CompletableFuture<V> answer;
    synchronized (lock) {
      answer = waiting.computeIfAbsent(key, asked -> new CompletableFuture<>());
    }
    departIfOpen();
    return answer.copy();
  }

  private void departIfOpen() {
    Map<K, CompletableFuture<V>> batch;
    synchronized (lock) {
      if (isGateClosed || waiting.isEmpty()) {
        return;
      }
      isGateClosed = true;
      batch = waiting;
      waiting = new HashMap<>();
    }
    depart(batch);
  }

  private void depart(Map<K, CompletableFuture<V>> batch) {
    AtomicBoolean isOpened = new AtomicBoolean();
    Runnable open =
        () -> {
          if (isOpened.compareAndSet(false, true)) {
            synchronized (lock) {
              isGateClosed = false;
            }
            departIfOpen();
          }
        };
    try {
      Map<K, CompletableFuture<V>> answers = request.apply(batch.keySet());
      batch.forEach((key, answer) ->
          requireNonNull(answers.get(key), "answer")
              .whenComplete((found, failure) -> {
                open.run();
                if (failure == null) {
                  answer.complete(found);
                } else {
                  answer.completeExceptionally(failure);
                }
              }));
      // One that is not answered must not hold up the questions about others.
      gateTimer.execute(open);
    } catch (RuntimeException e) {
      open.run();
      batch.values().forEach(answer -> answer.completeExceptionally(e));
    }
  }

  /** Questions that have not left yet are not answered any more. */
  void close() {
    Map<K, CompletableFuture<V>> rest;
    synchronized (lock) {
      rest = waiting;
      waiting = new HashMap<>();
    }
    rest.values()
        .forEach(answer -> answer.completeExceptionally(new IllegalStateException("closed")));
  }
}
