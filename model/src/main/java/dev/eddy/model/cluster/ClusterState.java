package dev.eddy.model.cluster;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The metadata topic folded up to a position. Immutable.
 *
 * @param generations per collection name its generations, oldest first; dropped ones are kept as
 *     long as the inbox may hold records of them
 * @param aliases alias to collection name
 * @param placements by collection id
 * @param counters per collection name the largest generation number that it ever had; outlives the
 *     collection
 * @param leader who decides, or null before there was a controller
 * @param notes by name, things worth keeping such as warnings about the cluster's settings
 * @param quotas how full every node may be
 * @param position next offset of the metadata topic
 */
public record ClusterState(
    Map<String, List<Generation>> generations,
    Map<String, String> aliases,
    Map<UUID, Placement> placements,
    Map<String, Integer> counters,
    @Nullable Leader leader,
    Map<String, String> notes,
    QuotaConfig quotas,
    long position) {
  public static final ClusterState EMPTY =
      new ClusterState(Map.of(), Map.of(), Map.of(), Map.of(), null, Map.of(), QuotaConfig.NONE, 0);

  /**
   * The controller that won.
   *
   * @param epoch one more than its predecessor's
   * @param offset of the record that says so
   */
  public record Leader(long epoch, String nodeId, long incarnation, long offset) {}

  public ClusterState {
    generations = Collections.unmodifiableMap(new TreeMap<>(generations));
    aliases = Collections.unmodifiableMap(new TreeMap<>(aliases));
    placements = Map.copyOf(placements);
    counters = Map.copyOf(counters);
    notes = Map.copyOf(notes);
  }

  /** A state of collections, aliases and placements alone. */
  public ClusterState(
      Map<String, List<Generation>> generations,
      Map<String, String> aliases,
      Map<UUID, Placement> placements,
      long position) {
    this(generations, aliases, placements, Map.of(), null, Map.of(), QuotaConfig.NONE, position);
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

  /** Who decides, if there ever was a controller. */
  public Optional<Leader> currentLeader() {
    return Optional.ofNullable(leader);
  }

  /** The generation with this id and number, in whatever state. */
  public Optional<Generation> generation(UUID collectionId, int number) {
    return generations.values().stream()
        .flatMap(List::stream)
        .filter(each -> each.collectionId().equals(collectionId) && each.generation() == number)
        .findFirst();
  }
}
