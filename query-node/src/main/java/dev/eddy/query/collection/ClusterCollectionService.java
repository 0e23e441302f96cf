package dev.eddy.query.collection;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.CollectionAdmin;
import dev.eddy.model.cluster.CollectionAdmin.AliasAction;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.PeerId;
import dev.eddy.model.cluster.Placement;
import dev.eddy.model.cluster.Placement.Replica;
import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionName;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.shard.ShardService.ShardDescription;
import dev.eddy.model.shard.StorageBytes;
import dev.eddy.query.collection.CollectionShards.LocalShard;
import dev.eddy.query.collection.CollectionShards.RemoteShard;
import dev.eddy.query.fanout.Deadline;
import dev.eddy.query.fanout.Floors;
import dev.eddy.query.fanout.Generations;
import dev.eddy.query.fanout.LogEnds;
import dev.eddy.query.fanout.ReadScope;
import dev.eddy.query.fanout.ShardDirectory;
import dev.eddy.query.fanout.ShardFanout;
import dev.eddy.query.fanout.ShardFanout.Answered;
import dev.eddy.query.quota.ShardMemory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers from the cluster view and the shards' own descriptions; changes go to the controller. */
public final class ClusterCollectionService implements CollectionService {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterCollectionService.class);
  private static final Duration DESCRIBE_TIMEOUT = Duration.ofSeconds(10);
  private static final String STATE_FAILED = "FAILED";

  private final ClusterView view;
  private final CollectionAdmin admin;
  private final ShardFanout fanout;
  private final ShardDirectory directory;
  private final Floors floors;
  private final LogEnds logEnds;
  private final LongSupplier nanoClock;
  private final Generations generations;
  private final ShardMemory shardMemory;

  /**
   * What it works with.
   *
   * @param nanoClock monotonic, in nanoseconds
   */
  public record Surroundings(
      ClusterView view,
      CollectionAdmin admin,
      ShardFanout fanout,
      ShardDirectory directory,
      Floors floors,
      LogEnds logEnds,
      LongSupplier nanoClock) {}

  public ClusterCollectionService(Surroundings surroundings) {
    view = requireNonNull(surroundings.view(), "view");
    admin = requireNonNull(surroundings.admin(), "admin");
    fanout = requireNonNull(surroundings.fanout(), "fanout");
    directory = requireNonNull(surroundings.directory(), "directory");
    floors = requireNonNull(surroundings.floors(), "floors");
    logEnds = requireNonNull(surroundings.logEnds(), "logEnds");
    nanoClock = requireNonNull(surroundings.nanoClock(), "nanoClock");
    generations = new Generations(view);
    shardMemory = new ShardMemory(view, directory.localNodeId());
  }

  @Override
  public void create(String name, CollectionSpec spec, Duration timeout) {
    CollectionName.check("collection_name", name);
    if (spec.shardNumber() > CollectionSpec.SHARDS_MAX) {
      throw EddyException.validation(
              "shard_number: value %d invalid, must be %d or smaller"
                  .formatted(spec.shardNumber(), CollectionSpec.SHARDS_MAX))
          .beyond(Limit.SHARDS);
    }
    shardMemory.requireRoomAnywhere();
    admin.create(name, spec.checked(), timeout);
  }

  @Override
  public void update(String nameOrAlias, CollectionChange change, Duration timeout) {
    Generation generation = generations.resolve(nameOrAlias);
    for (String vector : change.vectors().keySet()) {
      if (!generation.spec().vectors().containsKey(vector)) {
        throw EddyException.wrongInput("Not existing vector name error: " + vector);
      }
    }
    for (String vector : change.sparseVectors().keySet()) {
      if (!generation.spec().sparseVectors().containsKey(vector)) {
        throw EddyException.wrongInput("Not existing vector name error: " + vector);
      }
    }
    admin.update(generation.name(), change, timeout);
  }

  @Override
  public boolean delete(String name, Duration timeout) {
    return admin.delete(name, timeout);
  }

  @Override
  public boolean exists(String nameOrAlias) {
    CollectionName.checkLength("collection_name", nameOrAlias);
    return generations.verified().resolve(nameOrAlias).isPresent()
        || generations.readToEnd().resolve(nameOrAlias).isPresent();
  }

  @Override
  public List<String> list() {
    return generations.verified().names();
  }

  @Override
  public CollectionInfo get(String nameOrAlias) {
    Generation generation = generations.resolve(nameOrAlias);
    return info(generation, describe(generation));
  }

  /** One description per shard, in order, each covering what this node has answered for. */
  private List<ShardDescription> describe(Generation generation) {
    long[] minPositions = new long[generation.spec().shardNumber()];
    for (int shard = 0; shard < minPositions.length; shard++) {
      minPositions[shard] = floors.position(generation, shard);
    }
    ReadScope scope =
        new ReadScope(generation, minPositions, Deadline.after(DESCRIBE_TIMEOUT, nanoClock));
    List<Answered<ShardDescription>> answers =
        fanout.callEach(
            scope,
            ShardFanout.allShards(scope),
            shard -> (service, bounds) -> service.describe(scope.shardId(shard), bounds),
            ignored -> {});
    return answers.stream().map(Answered::value).toList();
  }

  private CollectionInfo info(Generation generation, List<ShardDescription> shards) {
    long points = 0;
    long indexed = 0;
    long segments = 0;
    StorageBytes storage = StorageBytes.NONE;
    CollectionInfo.Status status = CollectionInfo.Status.GREEN;
    String error = null;
    for (ShardDescription shard : shards) {
      points += shard.points();
      indexed += shard.indexedVectors();
      segments += shard.segments();
      storage = storage.plus(shard.storage());
      String trouble = trouble(shard);
      if (trouble != null) {
        status = CollectionInfo.Status.RED;
        error = error == null ? trouble : error;
      } else if (shard.optimizing() && status == CollectionInfo.Status.GREEN) {
        status = CollectionInfo.Status.YELLOW;
      }
    }
    return new CollectionInfo(
        generation.name(),
        generation.collectionId(),
        generation.generation(),
        status,
        error,
        List.of(),
        points,
        indexed,
        Math.max(1, segments),
        generation.spec(),
        queueLength(generation, shards),
        storage,
        fieldPoints(shards));
  }

  /** Why an operator should look at a shard; null = no reason. */
  private static @Nullable String trouble(ShardDescription shard) {
    int number = shard.shard().shard();
    if (shard.state().equals(STATE_FAILED)) {
      return "shard %d has failed".formatted(number);
    }
    return shard.problem() == null ? null : "shard %d: %s".formatted(number, shard.problem());
  }

  private static Map<String, Long> fieldPoints(List<ShardDescription> shards) {
    Map<String, Long> points = new TreeMap<>();
    for (ShardDescription shard : shards) {
      shard.fieldPoints().forEach((field, count) -> points.merge(field, count, Long::sum));
    }
    return points;
  }

  private long queueLength(Generation generation, List<ShardDescription> shards) {
    List<CompletableFuture<Long>> ends = new ArrayList<>(shards.size());
    for (int shard = 0; shard < shards.size(); shard++) {
      ends.add(logEnds.endOf(generation, shard));
    }
    long length = 0;
    for (int shard = 0; shard < shards.size(); shard++) {
      try {
        long end = ends.get(shard).get(DESCRIBE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        length += Math.max(0, end - shards.get(shard).position());
      } catch (ExecutionException | TimeoutException e) {
        // The rest of the answer stands without it.
        LOG.warn("log-end-unknown collection={} shard={}", generation.name(), shard, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return length;
      }
    }
    return length;
  }

  @Override
  public List<CollectionAlias> aliases() {
    return aliases(generations.verified());
  }

  private static List<CollectionAlias> aliases(ClusterState state) {
    return state.aliases().entrySet().stream()
        .map(entry -> new CollectionAlias(entry.getKey(), entry.getValue()))
        .toList();
  }

  @Override
  public List<CollectionAlias> aliases(String nameOrAlias) {
    Generation generation = generations.resolve(nameOrAlias);
    return aliases(view.state()).stream()
        .filter(alias -> alias.collection().equals(generation.name()))
        .toList();
  }

  @Override
  public void updateAliases(List<AliasAction> actions, Duration timeout) {
    for (AliasAction action : actions) {
      switch (action) {
        case AliasAction.Create create -> CollectionName.check("alias_name", create.alias());
        case AliasAction.Rename rename -> CollectionName.check("new_alias_name", rename.newAlias());
        case AliasAction.Delete ignored -> {}
      }
    }
    admin.updateAliases(actions, timeout);
  }

  @Override
  public CollectionShards clusterInfo(String nameOrAlias) {
    Generation generation = generations.resolve(nameOrAlias);
    List<ShardDescription> described = describe(generation);
    Placement placement = view.state().placements().get(generation.collectionId());
    List<LocalShard> local = new ArrayList<>();
    List<RemoteShard> remote = new ArrayList<>();
    if (placement != null) {
      for (int shard = 0; shard < placement.shards().size(); shard++) {
        for (Replica replica : placement.shards().get(shard)) {
          if (directory.isLocal(replica.nodeId())) {
            local.add(new LocalShard(shard, described.get(shard).points(), replica.state()));
          } else {
            remote.add(new RemoteShard(shard, PeerId.of(replica.nodeId()), replica.state()));
          }
        }
      }
    }
    return new CollectionShards(
        PeerId.of(directory.localNodeId()), generation.spec().shardNumber(), local, remote);
  }

  @Override
  public CollectionMemory memory(String nameOrAlias) {
    return new CollectionMemory(
        describe(generations.resolve(nameOrAlias)).stream().map(ShardDescription::memory).toList());
  }

  @Override
  public CollectionSearches searches(String nameOrAlias) {
    return new CollectionSearches(
        describe(generations.resolve(nameOrAlias)).stream()
            .map(shard -> new CollectionSearches.Shard(shard.plans(), shard.forms()))
            .toList());
  }
}
