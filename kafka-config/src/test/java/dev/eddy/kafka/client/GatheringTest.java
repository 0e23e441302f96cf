package dev.eddy.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class GatheringTest {
  /** Requests that left, each with what it waits for. */
  private final LinkedBlockingQueue<Map<String, CompletableFuture<Integer>>> sent =
      new LinkedBlockingQueue<>();

  private final Gathering<String, Integer> questions = new Gathering<>(this::send);

  private Map<String, CompletableFuture<Integer>> send(Collection<String> keys) {
    if (keys.contains("refused")) {
      throw new IllegalStateException("not sent");
    }
    Map<String, CompletableFuture<Integer>> answers = new HashMap<>();
    keys.forEach(key -> answers.put(key, new CompletableFuture<>()));
    sent.add(answers);
    return answers;
  }

  private Map<String, CompletableFuture<Integer>> next() throws InterruptedException {
    Map<String, CompletableFuture<Integer>> next = sent.poll(10, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return next;
  }

  /** However long the first one takes, the timer lets the rest go. */
  @Test
  void whatIsAskedMeanwhileLeavesTogether() throws Exception {
    CompletableFuture<Integer> first = questions.ask("first");
    Map<String, CompletableFuture<Integer>> alone = next();
    assertThat(alone).containsOnlyKeys("first");

    List<CompletableFuture<Integer>> others = new ArrayList<>();
    Set<String> asked = Set.of("a", "b", "c", "first");
    asked.forEach(key -> others.add(questions.ask(key)));
    Set<String> left = new TreeSet<>();
    while (left.size() < asked.size()) {
      Map<String, CompletableFuture<Integer>> batch = next();
      assertThat(left).doesNotContainAnyElementsOf(batch.keySet());
      left.addAll(batch.keySet());
      batch.values().forEach(answer -> answer.complete(2));
    }
    for (CompletableFuture<Integer> other : others) {
      assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo(2);
    }
    assertThat(first).as("asked before").isNotDone();
    alone.values().forEach(answer -> answer.complete(1));
    assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo(1);
  }

  @Test
  void anAnswerLetsTheNextRequestGo() throws Exception {
    for (int i = 0; i < 100; i++) {
      CompletableFuture<Integer> asked = questions.ask("again");
      next().values().forEach(answer -> answer.complete(7));
      assertThat(asked.get(10, TimeUnit.SECONDS)).isEqualTo(7);
    }
  }

  @Test
  void failuresAreForWhoAskedAndForNobodyElse() throws Exception {
    assertThatThrownBy(() -> questions.ask("refused").get(10, TimeUnit.SECONDS))
        .hasRootCauseMessage("not sent");
    CompletableFuture<Integer> failing = questions.ask("failing");
    next().values().forEach(answer -> answer.completeExceptionally(new Exception("late")));
    assertThatThrownBy(() -> failing.get(10, TimeUnit.SECONDS)).hasRootCauseMessage("late");

    CompletableFuture<Integer> fine = questions.ask("fine");
    next().values().forEach(answer -> answer.complete(3));
    assertThat(fine.get(10, TimeUnit.SECONDS)).isEqualTo(3);
  }

  @Test
  void closingLeavesWhatIsOnItsWay() throws Exception {
    CompletableFuture<Integer> onItsWay = questions.ask("first");
    Map<String, CompletableFuture<Integer>> answers = next();
    questions.close();
    answers.values().forEach(answer -> answer.complete(1));
    assertThat(onItsWay.get(10, TimeUnit.SECONDS)).isEqualTo(1);
  }
}
