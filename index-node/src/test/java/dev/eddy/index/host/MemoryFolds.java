package dev.eddy.index.host;

import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardException.Reason;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.shard.ShardService.Hit;
import dev.eddy.model.shard.ShardService.ShardQuery;
import dev.eddy.model.shard.ShardService.TermCounts;
import dev.eddy.model.shard.StorageBytes;
import dev.eddy.model.shard.VectorForms;
import dev.eddy.model.update.BrokenChain;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import dev.eddy.model.update.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Small shards that know ids and versions only, with the real ones' rules: one checkpoint file that
 * is replaced by a rename, leases that must be given back before closing, one opening per folder.
 * Faults on demand.
 */
final class MemoryFolds implements ShardFold.Opener {
  final Set<Path> openFolders = ConcurrentHashMap.newKeySet();
  final AtomicInteger leasesOut = new AtomicInteger();
  final AtomicInteger checkpointFailuresLeft = new AtomicInteger();

  /** The next apply at or behind this offset throws, once. */
  final AtomicReference<@Nullable Long> applyFailure = new AtomicReference<>();

  /** Held up before every apply while set. */
  final AtomicReference<@Nullable CountDownLatch> applyBarrier = new AtomicReference<>();

  /** Nothing may be applied or published while set. */
  final AtomicBoolean isDiskFull = new AtomicBoolean();

  final AtomicBoolean isMemoryShort = new AtomicBoolean();

  /** What every fold says to others; maintenance resets it. */
  final AtomicBoolean isMaintenanceDue = new AtomicBoolean();

  /** Calls of maintenance, of all folds. */
  final AtomicInteger maintained = new AtomicInteger();

  /** Held up before a checkpoint is written while set; the other tells that one is. */
  final AtomicReference<@Nullable CountDownLatch> checkpointBarrier = new AtomicReference<>();

  final CountDownLatch checkpointsReached = new CountDownLatch(1);

  /** Chains that the next apply finds broken. */
  final AtomicReference<List<BrokenChain>> brokenNext = new AtomicReference<>(List.of());

  @Override
  public ShardFold open(ShardId shard, UUID logTopicId, Path folder) throws IOException {
    if (!openFolders.add(folder)) {
      throw new IllegalStateException("folder is open already: " + folder);
    }
    try {
      Files.createDirectories(folder);
      return new MemoryFold(folder, logTopicId);
    } catch (IOException | RuntimeException e) {
      openFolders.remove(folder);
      throw e;
    }
  }

  /** Forgets what is open, as a kill does. */
  void crash() {
    openFolders.clear();
  }

  /** The content hash that a shard has after these updates, told in order. */
  static String hashOf(Map<Long, Update> updates) {
    TreeMap<PointId, Long> versions = new TreeMap<>();
    updates.forEach((offset, update) -> change(versions, offset, update));
    return hash(versions);
  }

  private static Verdict change(TreeMap<PointId, Long> versions, long offset, Update update) {
    if (update instanceof Update.Upsert upsert) {
      upsert.points().forEach(point -> versions.put(point.id(), offset));
    } else if (update instanceof Update.Delete delete
        && delete.selection() instanceof PointSelection.Ids ids) {
      ids.ids().forEach(versions::remove);
    }
    return Verdict.Applied.APPLIED;
  }

  private static String hash(Map<PointId, Long> versions) {
    return Integer.toHexString(versions.toString().hashCode()) + "-" + versions.size();
  }

  private record State(TreeMap<PointId, Long> versions, long position) {}

  private final class MemoryFold implements ShardFold {
    private final Path folder;
    private final UUID logTopicId;
    private final TreeMap<PointId, Long> versions = new TreeMap<>();
    private final Map<Long, Verdict> verdicts = new ConcurrentHashMap<>();
    private long position;
    private int leaderEpoch = -1;
    private List<BrokenChain> broken = List.of();
    private volatile State published;
    private volatile boolean closed;
    private final AtomicBoolean checkpointing = new AtomicBoolean();

    MemoryFold(Path folder, UUID logTopicId) throws IOException {
      this.folder = folder;
      this.logTopicId = logTopicId;
      Path file = folder.resolve("state");
      if (Files.exists(file)) {
        List<String> lines = Files.readAllLines(file);
        if (!lines.get(0).equals(logTopicId.toString())) {
          throw new WrongLogException("folder is of log " + lines.get(0), new IOException("mixed"));
        }
        position = Long.parseLong(lines.get(1));
        leaderEpoch = Integer.parseInt(lines.get(2));
        for (String line : lines.subList(3, lines.size())) {
          String[] parts = line.split(" ", 2);
          versions.put(PointId.parse(parts[0]), Long.parseLong(parts[1]));
        }
      }
      published = new State(new TreeMap<>(versions), position);
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public int leaderEpoch() {
      return leaderEpoch;
    }

    @Override
    public Verdict apply(long offset, Update update) {
      requireOpen();
      if (isDiskFull.get()) {
        throw new IllegalStateException("applied on a full disk");
      }
      CountDownLatch barrier = applyBarrier.get();
      if (barrier != null) {
        awaitUninterrupted(barrier);
      }
      Long failing = applyFailure.get();
      if (failing != null && offset >= failing && applyFailure.compareAndSet(failing, null)) {
        throw new IllegalStateException("told to fail at offset " + offset);
      }
      if (offset < position) {
        throw new IllegalStateException("offset %d again at %d".formatted(offset, position));
      }
      Verdict verdict = change(versions, offset, update);
      verdicts.put(offset, verdict);
      position = offset + 1;
      broken = brokenNext.getAndSet(List.of());
      return verdict;
    }

    @Override
    public void advance(long newPosition, int newLeaderEpoch) {
      requireOpen();
      position = Math.max(position, newPosition);
      leaderEpoch = newLeaderEpoch;
    }

    @Override
    public void publish() {
      requireOpen();
      published = new State(new TreeMap<>(versions), position);
    }

    @Override
    public boolean isWritable() {
      return !isDiskFull.get();
    }

    @Override
    public Optional<String> problem() {
      return isDiskFull.get() ? Optional.of("disk is full") : Optional.empty();
    }

    @Override
    public Optional<String> delay() {
      return isMemoryShort.get() ? Optional.of("a merge waits for room") : Optional.empty();
    }

    @Override
    public boolean maintain() {
      requireOpen();
      isMaintenanceDue.set(false);
      maintained.incrementAndGet();
      return false;
    }

    @Override
    public boolean isMaintenanceDue() {
      return isMaintenanceDue.get();
    }

    @Override
    public boolean hasUnsavedWork(boolean isFinal) {
      return false;
    }

    @Override
    public FoldCheckpoint beginCheckpoint(boolean isFinal) throws IOException {
      requireOpen();
      if (!checkpointing.compareAndSet(false, true)) {
        throw new IllegalStateException("a checkpoint is under way");
      }
      List<String> lines = new ArrayList<>();
      lines.add(logTopicId.toString());
      lines.add(Long.toString(position));
      lines.add(Integer.toString(leaderEpoch));
      versions.forEach((id, version) -> lines.add(id + " " + version));
      return new MemoryCheckpoint(this, position, lines);
    }

    @Override
    public ReadLease lease() {
      requireOpen();
      leasesOut.incrementAndGet();
      return new MemoryLease(this, published);
    }

    @Override
    public Optional<Verdict> verdictAt(long offset) {
      return Optional.ofNullable(verdicts.get(offset));
    }

    @Override
    public Stats stats() {
      State state = published;
      return new Stats(
          state.position,
          state.versions.size(),
          0,
          0,
          false,
          hash(state.versions),
          0,
          0,
          StorageBytes.NONE,
          Map.of(),
          VectorForms.NONE,
          MemoryUse.NONE);
    }

    @Override
    public Summary summary() {
      Stats stats = stats();
      return new Summary(stats.position(), stats.points(), stats.contentHash());
    }

    @Override
    public List<BrokenChain> takeBrokenChains() {
      List<BrokenChain> taken = broken;
      broken = List.of();
      return taken;
    }

    @Override
    public void close() {
      requireOpen();
      closed = true;
      openFolders.remove(folder);
    }

    /** The second phase: until the rename nothing has happened. */
    private void write(List<String> lines) throws IOException {
      requireOpen();
      CountDownLatch barrier = checkpointBarrier.get();
      if (barrier != null) {
        checkpointsReached.countDown();
        awaitUninterrupted(barrier);
      }
      if (checkpointFailuresLeft.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new IOException("told to fail");
      }
      Files.write(folder.resolve("state.new"), lines);
      Files.move(
          folder.resolve("state.new"), folder.resolve("state"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void requireOpen() {
      if (closed) {
        throw new IllegalStateException("fold is closed");
      }
    }

    private static void awaitUninterrupted(CountDownLatch barrier) {
      try {
        barrier.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private record MemoryCheckpoint(MemoryFold fold, long position, List<String> lines)
      implements ShardFold.FoldCheckpoint {
    @Override
    public void write() throws IOException {
      fold.write(lines);
    }

    @Override
    public void close() {
      fold.checkpointing.set(false);
    }
  }

  /** Every query finds all points, the smallest id first. */
  private final class MemoryLease implements ReadLease {
    private final MemoryFold fold;
    private final State state;
    private boolean closed;

    MemoryLease(MemoryFold fold, State state) {
      this.fold = fold;
      this.state = state;
    }

    @Override
    public long position() {
      return state.position;
    }

    @Override
    public List<List<Hit>> search(
        List<ShardQuery> queries, PayloadSelector payload, VectorSelector vectors) {
      fold.requireOpen();
      return queries.stream()
          .map(query ->
              state.versions.entrySet().stream()
                  .limit(query.limit())
                  .map(entry -> new Hit(entry.getKey(), entry.getValue(), 1, null))
                  .toList())
          .toList();
    }

    @Override
    public List<StoredPoint> fetch(
        List<PointId> ids, List<Long> versions, PayloadSelector payload, VectorSelector vectors) {
      List<StoredPoint> found = retrieve(ids, payload, vectors);
      if (!found.stream().map(StoredPoint::version).toList().equals(versions)) {
        throw new ShardException(Reason.LEASE_LOST, "other versions");
      }
      return found;
    }

    @Override
    public List<StoredPoint> retrieve(
        List<PointId> ids, PayloadSelector payload, VectorSelector vectors) {
      fold.requireOpen();
      return ids.stream().filter(state.versions::containsKey).map(this::point).toList();
    }

    @Override
    public List<StoredPoint> scroll(
        @Nullable PointId from,
        int limit,
        @Nullable Filter filter,
        PayloadSelector payload,
        VectorSelector vectors) {
      fold.requireOpen();
      return state.versions.keySet().stream()
          .filter(id -> from == null || id.compareTo(from) >= 0)
          .limit(limit)
          .map(this::point)
          .toList();
    }

    @Override
    public List<dev.eddy.model.query.FacetHit> facet(
        dev.eddy.model.json.KeyPath key,
        dev.eddy.model.collection.FieldIndex.Type type,
        @Nullable Filter filter,
        int limit) {
      throw new UnsupportedOperationException("this fold has no payload");
    }

    @Override
    public long count(@Nullable Filter filter) {
      fold.requireOpen();
      return state.versions.size();
    }

    @Override
    public TermCounts countTerms(String using, List<Integer> indices, @Nullable Filter corpus) {
      throw new UnsupportedOperationException("no sparse vectors here");
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        fold.requireOpen();
        leasesOut.decrementAndGet();
      }
    }

    private StoredPoint point(PointId id) {
      return new StoredPoint(id, state.versions.getOrDefault(id, -1L), null, null);
    }
  }
}
