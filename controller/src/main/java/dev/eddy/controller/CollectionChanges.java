package dev.eddy.controller;

import dev.eddy.model.cluster.CollectionAdmin.AliasAction;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.InboxEnds;
import dev.eddy.model.cluster.MetaChange;
import dev.eddy.model.cluster.MetaChange.GenerationSet;
import dev.eddy.model.cluster.NodeReport.Role;
import dev.eddy.model.cluster.Placement;
import dev.eddy.model.cluster.QuotaConfig;
import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionName;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Declaration;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.update.Update;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out changes of collections. Each is decided first, then done, and what was done is
 * decided last; so whoever follows can tell how far it came. Methods run on the controller's
 * thread; what they return completes when the cluster knows of the change.
 *
 * <p>(safety) Where the inbox ended is asked after the record that begins a creation or a drop, and
 * recorded by a later one; until then ingests hold back what concerns it. So whatever was sent to a
 * log lies below the end at which it was dropped.
 *
 * <p>(safety) Nothing of it is undone by a deposed controller that goes on: topics are deleted by
 * an id that a written decision gave up, and records in a log carry the number of the decision, so
 * an older one changes nothing.
 */
final class CollectionChanges {
  private static final Logger LOG = LoggerFactory.getLogger(CollectionChanges.class);
  private static final Set<Role> ACTING = Set.of(Role.QUERY, Role.INGEST);
  private static final long APPEND_MAX_SECONDS = 11;

  private final Office office;
  private final Logs logs;
  private final Members members;
  private final Confirmations confirmations;
  private final Executor background;
  private final Executor loop;
  private final DroppedGenerations dropped;
  private final Set<UUID> finishing = new HashSet<>(); // Topics of drops that are under way.
  private final Set<UUID> broadcasting = new HashSet<>(); // Collections.

  CollectionChanges(
      Office office,
      Logs logs,
      Members members,
      Confirmations confirmations,
      Executor background,
      Executor loop) {
    this.office = office;
    this.logs = logs;
    this.members = members;
    this.confirmations = confirmations;
    this.background = background;
    this.loop = loop;
    this.dropped = new DroppedGenerations(office, logs);
  }

  static EddyException unknown(String name) {
    return EddyException.notFound("Collection `%s` doesn't exist!".formatted(name));
  }

  /** Creates a collection; complete when its replicas serve, too. */
  CompletableFuture<?> create(String name, CollectionSpec spec) {
    requireFree(name);
    settleDrops();
    int number = office.nextGeneration(name);
    Generation asked =
        new Generation(
            UUID.randomUUID(),
            name,
            number,
            Generation.State.CREATING,
            spec,
            logs.topic(name, number),
            null,
            InboxEnds.NONE,
            null,
            MetaChange.THIS_RECORD);
    office.decide(new MetaChange.CounterSet(name, number), new GenerationSet(asked));
    finishCreate(office.current(asked), false);
    return awaitServed(office.current(asked));
  }

  private CompletableFuture<?> awaitServed(Generation generation) {
    Optional<Placement> placement = office.state().placement(generation.collectionId());
    return CompletableFuture.allOf(known(), confirmations.until(() -> isServed(placement)));
  }

  /** Completes when everything decided so far is known, with true. */
  CompletableFuture<Boolean> known() {
    return confirmations.of(office.state().position(), ACTING).thenApply(done -> true);
  }

  /** Of a collection whose creation was decided before: completes as the creation does. */
  CompletableFuture<Boolean> created(String name) {
    Generation generation =
        office
            .state()
            .activeNamed(name)
            .orElseThrow(() ->
                new EddyException(
                    ErrorCode.INTERNAL,
                    "collection %s could not be created, or was dropped at once".formatted(name)));
    return awaitServed(generation).thenApply(done -> true);
  }

  /** Of a collection whose change was decided before: completes as the change does. */
  CompletableFuture<Boolean> updated(String name) {
    CompletableFuture<?> everywhere =
        office
            .state()
            .resolve(name)
            .filter(Generation::configuring)
            .<CompletableFuture<?>>map(this::broadcast)
            .orElseGet(() -> CompletableFuture.completedFuture(null));
    return CompletableFuture.allOf(everywhere, known()).thenApply(done -> true);
  }

  private void requireFree(String name) {
    CollectionName.check("collection_name", name);
    if (office.state().aliases().containsKey(name)) {
      throw EddyException.wrongInput(
          "Can't create collection with name %s. Alias with the same name already exists"
              .formatted(name));
    }
    boolean isTaken =
        office.state().generations().getOrDefault(name, List.of()).stream()
            .anyMatch(generation -> generation.state() != Generation.State.DROPPED);
    if (isTaken) {
      throw new EddyException(
          ErrorCode.ALREADY_EXISTS, "Wrong input: Collection `%s` already exists!".formatted(name));
    }
  }

  /**
   * Brings a generation from its first record to active, or takes it back where that fails.
   *
   * @param isRepeat whether an earlier controller may have begun
   */
  long finishCreate(Generation generation, boolean isRepeat) {
    try {
      Generation placed = place(generation, isRepeat);
      return office.decide(new GenerationSet(placed.withState(Generation.State.ACTIVE)));
    } catch (DeposedException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.warn("event=create_failed collection={}", generation.name(), e);
      takeBack(office.current(generation));
      throw new EddyException(
          ErrorCode.INTERNAL,
          "collection %s could not be created: %s".formatted(generation.name(), e.getMessage()),
          e);
    }
  }

  private Generation place(Generation generation, boolean isRepeat) {
    Generation named = generation;
    if (generation.logTopicId().isEmpty()) {
      if (isRepeat) {
        // A topic whose id no record names: written before the deletion, so that a controller that
        // is deposed meanwhile deletes nothing.
        Optional<UUID> unrecorded = logs.find(generation.topic());
        office.decide(new GenerationSet(generation));
        unrecorded.ifPresent(logs::delete);
      }
      named = generation.withTopicId(logs.create(generation));
    }
    // The first record of each partition is on its way while the id and the places are decided.
    CompletableFuture<?> genesis = broadcastGenesis(named);
    named = named.createdAt(logs.inboxEnds());
    List<MetaChange> changes = new ArrayList<>();
    changes.add(new GenerationSet(named));
    if (office.state().placement(named.collectionId()).isEmpty()) {
      Placement first = new ReplicaPlan(office.state(), members.live()).first(named);
      changes.add(new MetaChange.PlacementSet(first));
    }
    office.decide(changes);
    join(genesis);
    return named;
  }

  private CompletableFuture<?> broadcastGenesis(Generation generation) {
    CompletableFuture<?>[] appends = new CompletableFuture<?>[generation.spec().shardNumber()];
    for (int shard = 0; shard < appends.length; shard++) {
      Update genesis =
          new Update.Genesis(
              generation.collectionId(),
              generation.name(),
              generation.generation(),
              shard,
              generation.spec(),
              generation.metaNumber());
      appends[shard] = logs.append(generation, shard, genesis);
    }
    return CompletableFuture.allOf(appends);
  }

  private static void join(CompletableFuture<?> appends) {
    try {
      appends.get(APPEND_MAX_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the log was begun", e);
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException("the log could not be begun: " + e, e);
    }
  }

  /** The generation was never active, so there is nothing in it to keep. */
  private void takeBack(Generation generation) {
    office.decide(
        new GenerationSet(generation.droppedAt(generation.created())),
        new MetaChange.PlacementRemoved(generation.collectionId()));
    generation.logTopicId().ifPresent(id -> background.execute(() -> deleteQuietly(id)));
  }

  private boolean isServed(Optional<Placement> placement) {
    return placement.isEmpty() || ServingShards.of(members.live()).serve(placement.get());
  }

  /** Drops a collection; false if there is none. */
  CompletableFuture<Boolean> drop(String name) {
    Optional<Generation> found = office.state().activeNamed(name);
    if (found.isEmpty()) {
      return CompletableFuture.completedFuture(false);
    }
    Generation doomed = found.get().droppedAt(null);
    List<MetaChange> changes = new ArrayList<>();
    changes.add(new GenerationSet(doomed));
    changes.add(new MetaChange.PlacementRemoved(doomed.collectionId()));
    office
        .state()
        .aliases()
        .forEach((alias, collection) -> {
          if (collection.equals(name)) {
            changes.add(new MetaChange.AliasRemoved(alias));
          }
        });
    long position = office.decide(changes);
    doomed.logTopicId().ifPresent(finishing::add);
    try {
      settleDrops();
    } catch (DeposedException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.warn("event=drop_unsettled collection={} reason=\"{}\"", name, e.toString());
    }
    return confirmations
        .of(position, ACTING)
        .thenRunAsync(() -> doomed.logTopicId().ifPresent(this::deleteQuietly), background)
        .whenCompleteAsync(
            (done, failure) -> doomed.logTopicId().ifPresent(finishing::remove), loop)
        .thenApply(done -> true);
  }

  /** Records where the inbox ended for what was dropped and does not say it yet. */
  void settleDrops() {
    dropped.settle();
  }

  /** Deletes a topic; where that fails it is collected later, because no record names it. */
  private void deleteQuietly(UUID topicId) {
    try {
      logs.delete(topicId);
    } catch (RuntimeException e) {
      LOG.warn("event=topic_delete_failed topic_id={} reason=\"{}\"", topicId, e.toString());
    }
  }

  /** Changes a collection's configuration, in every partition of its log. */
  CompletableFuture<?> update(String name, CollectionChange change) {
    Generation old = office.state().resolve(name).orElseThrow(() -> unknown(name));
    if (old.configuring() && isOfVectors(change)) {
      // A partition that missed a drop would keep the vectors of a name that comes back.
      throw new EddyException(
          ErrorCode.UNAVAILABLE, "an earlier change of " + name + " has not reached every shard");
    }
    CollectionSpec spec = SpecChange.apply(old.spec(), change);
    if (spec.equals(old.spec())) {
      return CompletableFuture.completedFuture(null);
    }
    long position = office.decide(new GenerationSet(old.reconfigured(spec)));
    return CompletableFuture.allOf(
        broadcast(office.current(old)), confirmations.of(position, ACTING));
  }

  private static boolean isOfVectors(CollectionChange change) {
    return change.declaration() instanceof Declaration.AddVector
        || change.declaration() instanceof Declaration.AddSparseVector
        || change.declaration() instanceof Declaration.DropVector;
  }

  /**
   * Writes the current spec into every partition, then that it is there. An older spec that arrives
   * later has a smaller number and changes nothing.
   */
  private CompletableFuture<?> broadcast(Generation generation) {
    broadcasting.add(generation.collectionId());
    CompletableFuture<?>[] appends = new CompletableFuture<?>[generation.spec().shardNumber()];
    Update configure = new Update.Configure(generation.spec(), generation.metaNumber());
    for (int shard = 0; shard < appends.length; shard++) {
      appends[shard] = logs.append(generation, shard, configure);
    }
    return CompletableFuture.allOf(appends)
        .whenCompleteAsync(
            (done, failure) -> {
              broadcasting.remove(generation.collectionId());
              Generation current = office.current(generation);
              boolean isLatest =
                  current.metaNumber() == generation.metaNumber()
                      && current.state() == Generation.State.ACTIVE;
              if (failure != null) {
                LOG.warn("event=configure_failed collection={}", generation.name(), failure);
              } else if (isLatest) {
                office.decide(new GenerationSet(current.configured()));
              }
            },
            loop);
  }

  /** Broadcasts again what did not reach every partition. */
  void resumeBroadcasts() {
    for (Generation generation : office.generations(Generation.State.ACTIVE)) {
      if (generation.configuring() && !broadcasting.contains(generation.collectionId())) {
        broadcast(generation);
      }
    }
  }

  /** Carries out alias actions in order; fails with the first that fails, those before it stand. */
  CompletableFuture<?> updateAliases(List<AliasAction> actions) {
    AliasChange change = AliasChange.of(office.state(), actions);
    CompletableFuture<?> confirmed =
        change.changes().isEmpty()
            ? CompletableFuture.completedFuture(null)
            : confirmations.of(office.decide(change.changes()), ACTING);
    return confirmed.thenRun(() ->
        change
            .failed()
            .ifPresent(failure -> {
              throw failure;
            }));
  }

  CompletableFuture<?> setQuotas(QuotaConfig quotas) {
    return confirmations.of(office.decide(List.of(new MetaChange.QuotasSet(quotas))), ACTING);
  }

  /** Completes what an earlier controller began. */
  void completeUnfinished() {
    settleDrops();
    for (Generation generation : office.generations(Generation.State.CREATING)) {
      LOG.info("event=create_resumed collection={}", generation.name());
      try {
        finishCreate(generation, true);
      } catch (EddyException e) {
        LOG.warn(
            "event=create_taken_back collection={} reason=\"{}\"", generation.name(), e.text());
      }
    }
    resumeBroadcasts();
  }

  /**
   * Deletes log topics that no living generation names. Listed first, then the decision to delete
   * them is written, then they are deleted by id: so everything that is deleted was there while
   * this controller was the only one, and no successor's topic is among it.
   */
  void collectOrphans() {
    Set<UUID> named = new HashSet<>(finishing);
    office
        .generations(Generation.State.CREATING)
        .forEach(each -> each.logTopicId().ifPresent(named::add));
    office
        .generations(Generation.State.ACTIVE)
        .forEach(each -> each.logTopicId().ifPresent(named::add));
    List<UUID> orphans =
        logs.list().values().stream().filter(id -> !named.contains(id)).sorted().toList();
    if (orphans.isEmpty()) {
      return;
    }
    LOG.info("event=orphans_collected topics={}", orphans.size());
    office.decide(new MetaChange.NoteSet("orphaned-topics", orphans.toString()));
    orphans.forEach(this::deleteQuietly);
    office.decide(new MetaChange.NoteRemoved("orphaned-topics"));
  }

  /** Forgets dropped generations of which the inbox can hold no record any more. */
  void forgetDropped() {
    dropped.forget();
  }
}
