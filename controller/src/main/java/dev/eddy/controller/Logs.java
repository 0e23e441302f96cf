package dev.eddy.controller;

import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.InboxEnds;
import dev.eddy.model.update.Update;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * The log topics and the inbox. None of it is fenced, so all of it comes after a decision that was
 * written, and harms nothing when a deposed controller repeats it. A failure is a {@code
 * RuntimeException} and says nothing about what happened.
 */
interface Logs {
  /** Name of the log topic of a generation. */
  String topic(String collection, int generation);

  /** Makes the log topic, or finds it made, and returns its id. */
  UUID create(Generation generation);

  Optional<UUID> find(String topic);

  /** Deletes a topic by its id; one that is gone is no error. */
  void delete(UUID topicId);

  /** All log topics of the cluster, name to id. */
  Map<String, UUID> list();

  /** Where the inbox ends now. */
  InboxEnds inboxEnds();

  /** Where the inbox begins now. */
  InboxEnds inboxStarts();

  /** Appends to one partition of a log that has an id; completes when it is acknowledged. */
  CompletableFuture<?> append(Generation generation, int shard, Update update);

  /** The end of one partition, asked after this call came. */
  CompletableFuture<Long> end(Generation generation, int shard);
}
