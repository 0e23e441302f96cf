package dev.eddy.query.quota;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.CollectionAdmin;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.QuotaReport;
import dev.eddy.model.cluster.PeerId;
import dev.eddy.model.cluster.QuotaConfig;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The quotas of all nodes, and what they mean for this one. Safe from any thread.
 *
 * <p>A resource that has reached its limit stays over it until it is a margin below: one that rests
 * near its limit would else let every second write pass.
 */
public final class Quotas {
  /** A reading costs a write some 50 µs, and memory does not fill much faster than this. */
  private static final long READING_NANOS = Duration.ofMillis(200).toNanos();

  private final ClusterView view;
  private final String nodeId;
  private final CollectionAdmin admin;
  private final NodeResources resources;
  private final LongSupplier nanoClock;
  private final ShardMemory shardMemory;
  private final ReentrantLock lock = new ReentrantLock();
  private final Resource memory = new Resource("resident memory", "max_resident_memory_percent");
  private final Resource disk = new Resource("disk usage", "max_disk_usage_percent");
  private QuotaConfig judged = QuotaConfig.NONE; // guarded by lock: what the resources are held to
  private @Nullable NodeUse reading; // guarded by lock
  private long readNanos; // guarded by lock

  /**
   * @param nodeId this node's own, as it reports it
   * @param nanoClock monotonic, in nanoseconds
   */
  public Quotas(
      ClusterView view,
      String nodeId,
      CollectionAdmin admin,
      NodeResources resources,
      LongSupplier nanoClock) {
    this.view = requireNonNull(view, "view");
    this.nodeId = requireNonNull(nodeId, "nodeId");
    this.admin = requireNonNull(admin, "admin");
    this.resources = requireNonNull(resources, "resources");
    this.nanoClock = requireNonNull(nanoClock, "nanoClock");
    this.shardMemory = new ShardMemory(view, nodeId);
  }

  /** What the nodes' shards hold, which has a limit on each node whatever the quotas are. */
  public ShardMemory shardMemory() {
    return shardMemory;
  }

  /** The newest that this node knows. */
  public QuotaConfig config() {
    return view.state().quotas();
  }

  /**
   * Replaces the quotas of all nodes.
   *
   * @throws EddyException VALIDATION, or as a change of a collection fails
   */
  public void set(QuotaConfig config, Duration timeout) {
    admin.setQuotas(config.checked(), timeout);
  }

  /** Of this node, at most {@link #READING_NANOS} old. */
  public NodeUse use() {
    lock.lock();
    try {
      long now = nanoClock.getAsLong();
      NodeUse current = reading;
      if (current == null || now - readNanos >= READING_NANOS) {
        current = resources.use();
        reading = current;
        readNanos = now;
      }
      return current;
    } finally {
      lock.unlock();
    }
  }

  /** Which limits this node is over. */
  public QuotaExceeded exceeded() {
    lock.lock();
    try {
      judge();
      return new QuotaExceeded(memory.verdict(), disk.verdict());
    } finally {
      lock.unlock();
    }
  }

  /** What this node says of itself. */
  public QuotaReport report() {
    NodeUse use = use();
    return new QuotaReport(exceeded().any(), use.residentMemoryPercent(), use.diskUsagePercent());
  }

  /**
   * What each live node that is held to quotas said of itself, by its number: this one now, others
   * within the last seconds. Empty where this node is alone.
   */
  public SortedMap<Long, QuotaReport> peers() {
    SortedMap<Long, QuotaReport> peers = new TreeMap<>();
    List<NodeReport> live = view.liveNodes();
    if (live.stream().allMatch(node -> node.nodeId().equals(nodeId))) {
      return peers;
    }
    for (NodeReport node : live) {
      QuotaReport quota = node.quota();
      if (quota != null) {
        peers.put(PeerId.of(node.nodeId()), quota);
      }
    }
    peers.put(PeerId.of(nodeId), report());
    return peers;
  }

  /**
   * Lets a write that adds data pass, or not.
   *
   * @throws EddyException INSUFFICIENT_STORAGE
   */
  public void requireRoom() {
    if (!config().enabled()) {
      return;
    }
    lock.lock();
    try {
      judge();
      memory.require(judged.releaseMargin());
      disk.require(judged.releaseMargin());
    } finally {
      lock.unlock();
    }
  }

  private void judge() {
    QuotaConfig config = config();
    if (!config.equals(judged)) {
      // What was over an older limit is not over this one for that.
      memory.isOver = false;
      disk.isOver = false;
      judged = config;
    }
    NodeUse use = use();
    int margin = config.releaseMargin();
    memory.judge(
        config.enabled() ? config.maxResidentMemoryPercent() : null,
        use.residentMemoryPercent(),
        margin);
    disk.judge(
        config.enabled() ? config.maxDiskUsagePercent() : null, use.diskUsagePercent(), margin);
  }

  /** One resource; guarded by the lock. */
  private static final class Resource {
    private final String name;
    private final String setting;
    private @Nullable Integer limit;
    private @Nullable Integer use;
    private boolean isOver;

    Resource(String name, String setting) {
      this.name = name;
      this.setting = setting;
    }

    void judge(@Nullable Integer newLimit, @Nullable Integer newUse, int margin) {
      limit = newLimit;
      use = newUse;
      isOver =
          newLimit != null
              && newUse != null
              && (newUse >= newLimit || (isOver && newUse > Math.max(0, newLimit - margin)));
    }

    @Nullable Boolean verdict() {
      return limit == null || use == null ? null : (Boolean) isOver;
    }

    void require(int margin) {
      if (isOver && limit != null) {
        throw new EddyException(
            ErrorCode.INSUFFICIENT_STORAGE,
            "Quota exceeded: %s of this node is at %d%%, the limit %s is %d%%; until it is down to %d%% writes that add data are refused. Help: Delete data or raise the limit."
                .formatted(name, use, setting, limit, releasedAt(limit, margin)));
      }
    }

    private static int releasedAt(int limit, int margin) {
      return Math.max(0, margin == 0 ? limit - 1 : limit - margin);
    }
  }
}
