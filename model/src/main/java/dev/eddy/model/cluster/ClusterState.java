package dev.eddy.model.cluster;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The metadata topic folded up to a position. Immutable.
 *
 * @param generations per collection name its generations, oldest first; dropped ones are kept as
 *     long as the inbox may hold records of them
 * @param aliases alias to collection name
 * @param placements by collection id
 * @param position next offset of the metadata topic
 */
public record ClusterState(
    Map<String, List<Generation>> generations,
    Map<String, String> aliases,
    Map<UUID, Placement> placements,
    long position) {
  public static final ClusterState EMPTY = new ClusterState(Map.of(), Map.of(), Map.of(), 0);

  public ClusterState {
    generations = Collections.unmodifiableMap(new TreeMap<>(generations));
    aliases = Collections.unmodifiableMap(new TreeMap<>(aliases));
    placements = Map.copyOf(placements);
  }

  /** The active generation of a collection name; aliases are not followed. */
  public Optional<Generation> activeNamed(String name) {
    return generations.getOrDefault(name, List.of()).stream()
        .filter(generation -> generation.state() == Generation.State.ACTIVE)
        .findFirst();
  }

  /** The active generation of a name, which may be an alias; aliases come first. */
  public Optional<Generation> resolve(String nameOrAlias) {
    return activeNamed(aliases.getOrDefault(nameOrAlias, nameOrAlias));
  }

  /** Names of the active collections, in order. */
  public List<String> names() {
    return generations.keySet().stream().filter(name -> activeNamed(name).isPresent()).toList();
  }

  public Optional<Placement> placement(UUID collectionId) {
    return Optional.ofNullable(placements.get(collectionId));
  }
}
