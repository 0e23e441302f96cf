package dev.eddy.query.collection;

import dev.eddy.model.cluster.CollectionAdmin.AliasAction;
import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionSpec;
import java.time.Duration;
import java.util.List;

/**
 * Collections and aliases: questions answered from this node's view, changes carried out by the
 * controller. Blocks, safe from any thread, fails with an {@code EddyException} (NOT_FOUND,
 * ALREADY_EXISTS, WRONG_INPUT, VALIDATION, TIMEOUT, UNAVAILABLE).
 */
public interface CollectionService {
  Duration TIMEOUT_DEFAULT = Duration.ofSeconds(60);

  void create(String name, CollectionSpec spec, Duration timeout);

  void update(String nameOrAlias, CollectionChange change, Duration timeout);

  /** Whether there was such a collection; aliases are not followed. */
  boolean delete(String name, Duration timeout);

  /** Whether there is a collection or alias of this name. */
  boolean exists(String nameOrAlias);

  /** Names of all collections, in order. */
  List<String> list();

  CollectionInfo get(String nameOrAlias);

  /** All aliases, in order. */
  List<CollectionAlias> aliases();

  /** Those of one collection. */
  List<CollectionAlias> aliases(String nameOrAlias);

  void updateAliases(List<AliasAction> actions, Duration timeout);

  CollectionShards clusterInfo(String nameOrAlias);

  CollectionMemory memory(String nameOrAlias);

  CollectionSearches searches(String nameOrAlias);
}
