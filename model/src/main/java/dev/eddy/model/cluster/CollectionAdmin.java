package dev.eddy.model.cluster;

import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionSpec;
import java.time.Duration;
import java.util.List;

/**
 * Changes of collections, aliases and quotas, carried out by the one elected controller; on other
 * nodes calls are forwarded. Each returns when every live query node and ingest knows of the
 * change. Fails with an {@code EddyException} (ALREADY_EXISTS, NOT_FOUND, VALIDATION, TIMEOUT,
 * UNAVAILABLE when there is no controller in time).
 */
public interface CollectionAdmin {

  /** One step of a list of alias changes, applied in order. */
  sealed interface AliasAction {
    /** Also moves an existing alias. */
    record Create(String collection, String alias) implements AliasAction {}

    /** A missing alias is no error. */
    record Delete(String alias) implements AliasAction {}

    record Rename(String oldAlias, String newAlias) implements AliasAction {}
  }

  void create(String name, CollectionSpec spec, Duration timeout);

  void update(String name, CollectionChange change, Duration timeout);

  /** Whether there was such a collection; aliases are not followed. */
  boolean delete(String name, Duration timeout);

  void updateAliases(List<AliasAction> actions, Duration timeout);

  /** Replaces the quotas of all nodes. */
  void setQuotas(QuotaConfig quotas, Duration timeout);
}
