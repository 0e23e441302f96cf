package dev.eddy.controller;

import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.CollectionAdmin.AliasAction;
import dev.eddy.model.cluster.MetaChange;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A list of alias actions, carried out one by one: where one fails, those before it stand.
 *
 * @param changes what to write
 * @param failure why the list ended early, or null
 */
record AliasChange(List<MetaChange> changes, @Nullable EddyException failure) {

  static AliasChange of(ClusterState state, List<AliasAction> actions) {
    Map<String, String> aliases = new HashMap<>(state.aliases());
    List<MetaChange> changes = new ArrayList<>();
    for (AliasAction action : actions) {
      try {
        changes.addAll(step(state, aliases, action));
      } catch (EddyException e) {
        return new AliasChange(changes, e);
      }
    }
    return new AliasChange(changes, null);
  }

  Optional<EddyException> failed() {
    return Optional.ofNullable(failure);
  }

  private static List<MetaChange> step(
      ClusterState state, Map<String, String> aliases, AliasAction action) {
    return switch (action) {
      case AliasAction.Create(String collection, String alias) -> {
        requireFree(state, alias);
        if (state.activeNamed(collection).isEmpty()) {
          throw CollectionChanges.unknown(collection);
        }
        aliases.put(alias, collection);
        yield List.of(new MetaChange.AliasSet(alias, collection));
      }
      case AliasAction.Delete(String alias) ->
          aliases.remove(alias) == null ? List.of() : List.of(new MetaChange.AliasRemoved(alias));
      case AliasAction.Rename(String oldAlias, String newAlias) -> {
        String collection = aliases.get(oldAlias);
        if (collection == null) {
          throw EddyException.notFound("Alias %s does not exists!".formatted(oldAlias));
        }
        requireFree(state, newAlias);
        aliases.remove(oldAlias);
        aliases.put(newAlias, collection);
        yield oldAlias.equals(newAlias)
            ? List.of()
            : List.of(
                new MetaChange.AliasRemoved(oldAlias),
                new MetaChange.AliasSet(newAlias, collection));
      }
    };
  }

  private static void requireFree(ClusterState state, String alias) {
    if (state.activeNamed(alias).isPresent()) {
      throw new EddyException(
          ErrorCode.ALREADY_EXISTS,
          "Wrong input: Collection `%s` already exists!".formatted(alias));
    }
  }
}
