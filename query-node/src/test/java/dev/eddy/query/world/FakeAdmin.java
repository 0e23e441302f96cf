package dev.eddy.query.world;

import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.CollectionAdmin;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.QuotaConfig;
import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.update.Update;
import dev.eddy.proto.log.LogRecordCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Changes the world's metadata at once. */
public final class FakeAdmin implements CollectionAdmin {
  /** Every PATCH that arrived. */
  public final List<CollectionChange> changes = new ArrayList<>();

  private final World world;

  public FakeAdmin(World world) {
    this.world = world;
  }

  @Override
  public void create(String name, CollectionSpec spec, Duration timeout) {
    if (world.view.state().activeNamed(name).isPresent()) {
      throw new EddyException(
          ErrorCode.ALREADY_EXISTS, "Wrong input: Collection `" + name + "` already exists!");
    }
    world.create(name, spec);
  }

  @Override
  public void update(String name, CollectionChange change, Duration timeout) {
    changes.add(change);
    Generation generation = world.view.state().activeNamed(name).orElseThrow();
    byte[] record = LogRecordCodec.encode(new Update.Noop());
    for (int shard = 0; shard < generation.spec().shardNumber(); shard++) {
      world.append(generation, shard, record).join();
    }
  }

  @Override
  public boolean delete(String name, Duration timeout) {
    boolean isThere = world.view.state().activeNamed(name).isPresent();
    world.view.set(world.without(name));
    return isThere;
  }

  @Override
  public void updateAliases(List<AliasAction> actions, Duration timeout) {
    Map<String, String> aliases = new TreeMap<>(world.view.state().aliases());
    for (AliasAction action : actions) {
      switch (action) {
        case AliasAction.Create create -> aliases.put(create.alias(), create.collection());
        case AliasAction.Delete delete -> aliases.remove(delete.alias());
        case AliasAction.Rename rename -> {
          String collection = aliases.remove(rename.oldAlias());
          if (collection == null) {
            throw EddyException.notFound("Alias " + rename.oldAlias() + " does not exists!");
          }
          aliases.put(rename.newAlias(), collection);
        }
      }
    }
    ClusterState old = world.view.state();
    world.view.set(
        new ClusterState(old.generations(), aliases, old.placements(), old.position() + 1));
  }

  @Override
  public void setQuotas(QuotaConfig quotas, Duration timeout) {
    world.view.quotas(quotas);
  }
}
