package dev.eddy.kafka.client;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Asks which topic ids exist. Safe from any thread.
 *
 * <p>A broker may learn of a new topic a moment late, so one "no" shortly after a topic was made
 * proves nothing.
 */
public final class TopicIds implements AutoCloseable {
  private static final int TIMEOUT_MS = 5_000;

  private final Admin admin;
  private final Gathering<UUID, Boolean> questions = new Gathering<>(this::request);

  public TopicIds(ClientPresets presets, String role) {
    this.admin = presets.admin(role);
  }

  /**
   * Whether a topic with this id exists, as the asked broker knows; fails if no broker answers
   * within 5 s. Many questions go in one request.
   */
  public CompletableFuture<Boolean> exists(UUID topicId) {
    return questions.ask(topicId);
  }

  /** Like {@link #exists(UUID)}, for many at once. */
  public CompletableFuture<Map<UUID, Boolean>> exists(Collection<UUID> topicIds) {
    try {
      Map<UUID, CompletableFuture<Boolean>> answers = request(topicIds);
      return CompletableFuture.allOf(answers.values().toArray(CompletableFuture<?>[]::new))
          .thenApply(done -> {
            Map<UUID, Boolean> found = new HashMap<>();
            answers.forEach((id, answer) -> found.put(id, answer.join()));
            return found;
          });
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private Map<UUID, CompletableFuture<Boolean>> request(Collection<UUID> topicIds) {
    var ids =
        topicIds.stream()
            .map(id -> new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits()))
            .toList();
    var futures =
        admin
            .describeTopics(
                TopicCollection.ofTopicIds(ids), new DescribeTopicsOptions().timeoutMs(TIMEOUT_MS))
            .topicIdValues();
    Map<UUID, CompletableFuture<Boolean>> answers = new HashMap<>();
    futures.forEach((id, future) ->
        answers.put(
            new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits()),
            future
                .toCompletionStage()
                .toCompletableFuture()
                .handle((found, failure) -> judge(failure))));
    return answers;
  }

  private static boolean judge(@org.jspecify.annotations.Nullable Throwable failure) {
    if (failure == null) {
      return true;
    }
    Throwable cause =
        failure instanceof java.util.concurrent.CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof UnknownTopicIdException
        || cause instanceof UnknownTopicOrPartitionException) {
      return false;
    }
    throw new java.util.concurrent.CompletionException(cause);
  }

  @Override
  public void close() {
    admin.close(java.time.Duration.ofSeconds(1));
    questions.close();
  }
}
