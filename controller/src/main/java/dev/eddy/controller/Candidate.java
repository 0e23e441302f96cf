package dev.eddy.controller;

import dev.eddy.kafka.client.ClientPresets;
import dev.eddy.kafka.topic.TopicCatalogue;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands for election on a thread of its own: the member of a consumer group that is given the one
 * partition of the controller topic may try to decide. That is a hint; who decides is settled by
 * fencing when the {@link Term} begins.
 *
 * <p>Membership is static, so a node that was killed and comes back is the same member and waits
 * for no session to end.
 */
final class Candidate implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Candidate.class);
  private static final Duration POLL = Duration.ofMillis(100);

  /** What every broker accepts unless it is told otherwise. */
  private static final Duration SESSION_ACCEPTED = Duration.ofSeconds(6);

  private static final Duration BACKOFF = Duration.ofMillis(300);

  private final ClientPresets presets;
  private final TopicCatalogue catalogue;
  private final String nodeId;
  private final Supplier<Term> takeOffice;
  private final Thread thread;
  private volatile boolean isClosed;
  private volatile boolean isLeaving = true;
  private volatile Optional<Term> term = Optional.empty();
  private Duration session; // Of the thread.
  private boolean isChosen; // Of the thread.

  /**
   * A candidate that is not standing yet.
   *
   * @param takeOffice begins a term; fails with {@link DeposedException} when it can't
   */
  Candidate(
      ClientPresets presets,
      TopicCatalogue catalogue,
      String nodeId,
      Duration session,
      Supplier<Term> takeOffice) {
    this.presets = presets;
    this.catalogue = catalogue;
    this.nodeId = nodeId;
    this.session = session;
    this.takeOffice = takeOffice;
    this.thread = Thread.ofPlatform().daemon().name("eddy-candidate").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** The term that this node is in, if it decides. */
  Optional<Term> term() {
    return term.filter(current -> !current.isOver());
  }

  private void run() {
    while (!isClosed) {
      try {
        stand();
      } catch (FencedInstanceIdException e) {
        LOG.error("event=candidate_fenced node={} reason=\"another process has this id\"", nodeId);
        isClosed = true;
      } catch (InvalidSessionTimeoutException e) {
        LOG.info(
            "event=session_refused asked_ms={} now_ms={}",
            session.toMillis(),
            SESSION_ACCEPTED.toMillis());
        session = SESSION_ACCEPTED;
      } catch (RuntimeException e) {
        LOG.warn("event=election_failed reason=\"{}\"", e.toString());
      }
      stepDown();
      pause();
    }
  }

  /** Stands until a term ends: then this member joins anew, so that the group has the last word. */
  private void stand() {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    try {
      isChosen = false;
      consumer.subscribe(List.of(catalogue.controller()), new Choice());
      while (!isClosed) {
        consumer.poll(POLL);
        if (!isChosen) {
          stepDown();
        } else if (term.isEmpty()) {
          term = Optional.of(takeOffice.get());
        } else if (term.get().isOver()) {
          return;
        }
      }
    } catch (WakeupException e) {
      LOG.debug("event=election_woken");
    } finally {
      stepDown();
      CloseOptions options = CloseOptions.timeout(Duration.ofSeconds(1));
      consumer.close(
          isClosed && isLeaving
              ? options.withGroupMembershipOperation(
                  CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
              : options);
    }
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = presets.tailingSettings("candidate", Duration.ofMillis(500));
    settings.put("group.id", catalogue.controllerGroup());
    settings.put("group.instance.id", nodeId);
    settings.put("group.protocol", "classic");
    settings.put("session.timeout.ms", Math.toIntExact(session.toMillis()));
    settings.put("heartbeat.interval.ms", 300);
    settings.put("max.poll.interval.ms", 30_000);
    // The topic holds no records; without a committed position there must be a rule.
    settings.put("auto.offset.reset", "latest");
    // Whoever has it keeps it when others come.
    settings.put("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
    return settings;
  }

  private void stepDown() {
    term.ifPresent(Term::close);
    term = Optional.empty();
  }

  private void pause() {
    if (!isClosed) {
      try {
        Thread.sleep(BACKOFF);
      } catch (InterruptedException e) {
        isClosed = true;
      }
    }
  }

  /** Stops as if the process had died: without a word to the group. */
  void vanish() {
    isLeaving = false;
    close();
  }

  @Override
  public void close() {
    isClosed = true;
    try {
      if (thread.isAlive()) {
        thread.join(Duration.ofSeconds(5));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What the group says; called while polling. */
  private final class Choice implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      if (!partitions.isEmpty()) {
        isChosen = true;
      }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      if (!partitions.isEmpty()) {
        isChosen = false;
      }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      onPartitionsRevoked(partitions);
    }
  }
}
