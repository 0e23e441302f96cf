package dev.eddy.index.host;

import dev.eddy.index.host.ShardRuntime.Ending;
import dev.eddy.kafka.log.LogPartition;
import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.NodeReport.ShardReport;
import dev.eddy.model.cluster.Placement;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardException.Reason;
import dev.eddy.model.shard.ShardId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds exactly the shards that the newest metadata places on this node: opens what is missing,
 * closes and deletes what is not placed here (any more). Owns their lives.
 *
 * <p>Threading: safe from any thread. Reconciling runs on one thread of its own, by level: each
 * time against the newest state, however many changes lie between.
 */
public final class ShardManager implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShardManager.class);

  /** Requests that may wait for metadata to be acted upon. */
  private static final int META_WAITERS_MAX = 10_000;

  private final String nodeId;
  private final ClusterView view;
  private final HostEnvironment host;
  private final ShardWorkers workers;
  private final ScheduledExecutorService reconciler;
  private final Map<ShardId, ShardRuntime> hosted = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable ClusterState> pending = new AtomicReference<>();
  private final PositionGate reconciled = new PositionGate(-1, META_WAITERS_MAX);

  /** Owned by the reconciler: shards that aren't hosted any more but not yet closed. */
  private final Map<ShardId, CompletableFuture<Void>> leaving = new HashMap<>();

  /** Owned by the reconciler. */
  private ClusterState current = ClusterState.EMPTY;

  /** Hosts nothing before {@link #start}. */
  public ShardManager(String nodeId, ClusterView view, HostEnvironment host) {
    this.nodeId = nodeId;
    this.view = view;
    this.host = host;
    this.workers = ShardWorkers.start(host.settings());
    this.reconciler =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("eddy-shard-reconciler").factory());
  }

  /**
   * Removes what an earlier run left and is not placed here any more, then follows the metadata.
   *
   * @param verified state read to the end of the metadata: what it does not name is deleted
   */
  public void start(ClusterState verified) throws IOException {
    host.folders()
        .sweep(placedHere(verified).keySet())
        .forEach(name -> LOG.info("event=swept folder={}", name));
    onChange(verified);
    view.onChange(this::onChange);
    long tickNanos = host.settings().tickInterval().toNanos();
    var _ =
        reconciler.scheduleWithFixedDelay(this::tick, tickNanos, tickNanos, TimeUnit.NANOSECONDS);
  }

  public Collection<ShardRuntime> hosted() {
    return List.copyOf(hosted.values());
  }

  /** A shard that is hosted now. */
  public Optional<ShardRuntime> find(ShardId id) {
    return Optional.ofNullable(hosted.get(id));
  }

  /**
   * A hosted shard; one that the metadata places here is waited for until this node has acted upon
   * it.
   *
   * @throws ShardException NOT_HOSTED at once when the metadata, read to the end where needed, does
   *     not place it here
   */
  public ShardRuntime require(ShardId id, Duration timeout) {
    ShardRuntime runtime = hosted.get(id);
    if (runtime != null) {
      return runtime;
    }
    ClusterState state = view.state();
    if (isDropped(state, id)) {
      throw notHosted(id);
    }
    if (!placedHere(state).containsKey(id)) {
      state = readToEnd(id, timeout);
    }
    awaitReconciled(state, timeout);
    runtime = hosted.get(id);
    if (runtime == null) {
      throw notHosted(id);
    }
    return runtime;
  }

  /** What this node tells the others of its shards. */
  public List<ShardReport> reports() {
    return hosted.values().stream().map(ShardRuntime::report).toList();
  }

  /** Closes every shard with a last checkpoint, keeping its state on disk. */
  @Override
  public void close() {
    reconciler.shutdown();
    try {
      if (!reconciler.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("event=reconciler-still-busy");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    reconciled.close(new ShardException(Reason.NOT_HOSTED, "the node is closing"));
    List<CompletableFuture<Void>> closing = new ArrayList<>(leaving.values());
    hosted.values().forEach(runtime -> closing.add(runtime.close(Ending.KEEP)));
    hosted.clear();
    awaitAll(closing);
    workers.close();
  }

  private void onChange(ClusterState state) {
    ClusterState before =
        pending.getAndAccumulate(
            state,
            (old, next) ->
                old != null && next != null && old.position() > next.position() ? old : next);
    if (before == null) {
      wakeReconciler();
    }
  }

  private void wakeReconciler() {
    try {
      reconciler.execute(this::reconcile);
    } catch (RejectedExecutionException _) {
      LOG.debug("event=reconcile-skipped reason=closing");
    }
  }

  private void reconcile() {
    ClusterState next = pending.getAndSet(null);
    if (next != null && next.position() >= current.position()) {
      current = next;
    }
    try {
      reconcile(current);
      reconciled.advance(current.position());
    } catch (RuntimeException e) {
      LOG.error("event=reconcile-failed position={} retry=soon", current.position(), e);
      pending.compareAndSet(null, current);
    }
  }

  private void reconcile(ClusterState state) {
    leaving.values().removeIf(CompletableFuture::isDone);
    Map<ShardId, LogPartition> wanted = placedHere(state);
    for (ShardRuntime runtime : hosted.values()) {
      LogPartition log = wanted.get(runtime.id());
      if (log == null) {
        leave(runtime);
      } else if (!log.topicId().equals(runtime.log().topicId())) {
        LOG.error(
            "event=topic-id-changed shard={} expected={} found={}",
            runtime.id(),
            runtime.log().topicId(),
            log.topicId());
      }
    }
    wanted.forEach((id, log) -> {
      if (!hosted.containsKey(id) && !leaving.containsKey(id)) {
        join(id, log);
      }
    });
  }

  private void join(ShardId id, LogPartition log) {
    ShardRuntime runtime = new ShardRuntime(id, log, host, workers);
    hosted.put(id, runtime);
    LOG.info("event=assigned shard={} log={}", id, log);
    runtime.start();
  }

  private void leave(ShardRuntime runtime) {
    hosted.remove(runtime.id());
    LOG.info("event=revoked shard={} position={}", runtime.id(), runtime.position());
    CompletableFuture<Void> closed = runtime.close(Ending.DISCARD);
    leaving.put(runtime.id(), closed);
    // It may be placed here again meanwhile; its folder must be gone before it is opened.
    var _ = closed.thenRun(this::wakeReconciler);
  }

  private void tick() {
    try {
      if (pending.get() != null) {
        reconcile();
      }
      hosted.values().forEach(ShardRuntime::tick);
    } catch (RuntimeException e) {
      LOG.error("event=tick-failed", e);
    }
  }

  private ClusterState readToEnd(ShardId id, Duration timeout) {
    ClusterState state;
    try {
      state = view.readToEnd(timeout);
    } catch (EddyException e) {
      throw new ShardException(
          Reason.NOT_HOSTED, "shard %s is not known here: %s".formatted(id, e.text()), e);
    }
    if (!placedHere(state).containsKey(id)) {
      throw notHosted(id);
    }
    return state;
  }

  private Map<ShardId, LogPartition> placedHere(ClusterState state) {
    Map<ShardId, LogPartition> wanted = new HashMap<>();
    for (List<Generation> generations : state.generations().values()) {
      for (Generation generation : generations) {
        UUID topicId = generation.topicId();
        if (generation.state() == Generation.State.DROPPED || topicId == null) {
          continue;
        }
        state
            .placement(generation.collectionId())
            .filter(placement -> placement.generation() == generation.generation())
            .ifPresent(placement -> addPlaced(wanted, generation, topicId, placement));
      }
    }
    return wanted;
  }

  private void addPlaced(
      Map<ShardId, LogPartition> wanted, Generation generation, UUID topicId, Placement placement) {
    for (int shard = 0; shard < placement.shards().size(); shard++) {
      if (placement.hosts(nodeId, shard)) {
        wanted.put(generation.shard(shard), new LogPartition(topicId, generation.topic(), shard));
      }
    }
  }

  private void awaitReconciled(ClusterState state, Duration timeout) {
    try {
      reconciled.await(state.position(), timeout);
    } catch (ShardException e) {
      if (e.reason() == Reason.STALE) {
        throw new ShardException(
            Reason.TIMEOUT, "metadata is not acted upon yet: " + e.getMessage(), e);
      }
      throw e;
    }
  }

  private static boolean isDropped(ClusterState state, ShardId id) {
    return state
        .generation(id.collectionId(), id.generation())
        .filter(generation -> generation.state() == Generation.State.DROPPED)
        .isPresent();
  }

  private void awaitAll(List<CompletableFuture<Void>> futures) {
    long timeoutMs = host.settings().closeTimeout().toMillis();
    try {
      CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
          .get(timeoutMs, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("event=shards-still-closing waited_ms={} cause={}", timeoutMs, String.valueOf(e));
    }
  }

  private ShardException notHosted(ShardId id) {
    return new ShardException(
        Reason.NOT_HOSTED, "shard %s is not hosted on node %s".formatted(id, nodeId));
  }
}
