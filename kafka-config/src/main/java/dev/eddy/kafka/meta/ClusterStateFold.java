package dev.eddy.kafka.meta;

import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.ClusterState.Leader;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.MetaChange;
import dev.eddy.model.cluster.Placement;
import dev.eddy.model.cluster.QuotaConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The metadata topic, folded record by record into a {@link ClusterState}. Pure: the state depends
 * on the records and their offsets alone.
 *
 * <p>The topic is compacted, so any record that a later one of the same key replaces may be
 * missing, and the fold gives the same state without it. A removal of something unknown is no
 * error.
 *
 * <p>Not safe for use by several threads; the states that it gives are immutable.
 */
public final class ClusterStateFold {
  private final Map<String, Generation> generations = new HashMap<>(); // By key of the record.
  private final Map<String, String> aliases = new HashMap<>();
  private final Map<UUID, Placement> placements = new HashMap<>();
  private final Map<String, Integer> counters = new HashMap<>();
  private final Map<String, String> notes = new HashMap<>();
  private QuotaConfig quotas = QuotaConfig.NONE;
  private @Nullable Leader leader;
  private long position;
  private Optional<ClusterState> state = Optional.of(ClusterState.EMPTY); // Empty = to be rebuilt.

  /** Begins with nothing. */
  public ClusterStateFold() {}

  /** Goes on from a state. */
  public ClusterStateFold(ClusterState from) {
    from.generations()
        .values()
        .forEach(lives ->
            lives.forEach(generation ->
                generations.put(new MetaChange.GenerationSet(generation).key(), generation)));
    aliases.putAll(from.aliases());
    placements.putAll(from.placements());
    counters.putAll(from.counters());
    notes.putAll(from.notes());
    quotas = from.quotas();
    leader = from.leader();
    position = from.position();
    state = Optional.of(from);
  }

  /**
   * Applies one record.
   *
   * @param offset not below the position; what lies between is gone or was no record
   * @throws IllegalArgumentException for an offset below the position
   */
  public void apply(long offset, MetaChange change) {
    if (offset < position) {
      throw new IllegalArgumentException(
          "offset %d is below the position %d".formatted(offset, position));
    }
    position = offset + 1;
    state = Optional.empty();
    switch (change) {
      case MetaChange.LeaderElected elected ->
          leader = new Leader(elected.epoch(), elected.nodeId(), elected.incarnation(), offset);
      case MetaChange.GenerationSet set ->
          generations.put(change.key(), numbered(set.generation(), offset));
      case MetaChange.GenerationForgotten _ -> generations.remove(change.key());
      case MetaChange.CounterSet counter -> counters.put(counter.name(), counter.last());
      case MetaChange.AliasSet alias -> aliases.put(alias.alias(), alias.collection());
      case MetaChange.AliasRemoved alias -> aliases.remove(alias.alias());
      case MetaChange.PlacementSet set -> {
        Placement placement = versioned(set.placement(), offset);
        placements.put(placement.collectionId(), placement);
      }
      case MetaChange.PlacementRemoved removed -> placements.remove(removed.collectionId());
      case MetaChange.NoteSet note -> notes.put(note.name(), note.text());
      case MetaChange.NoteRemoved note -> notes.remove(note.name());
      case MetaChange.QuotasSet set -> quotas = set.quotas();
    }
  }

  /**
   * Moves the position over offsets that hold no record for us: markers of transactions, aborted or
   * compacted records. A smaller one changes nothing.
   */
  public void advance(long newPosition) {
    if (newPosition > position) {
      position = newPosition;
      state = Optional.empty();
    }
  }

  /** The next offset to apply. */
  public long position() {
    return position;
  }

  /** The state up to the position. */
  public ClusterState state() {
    ClusterState current = state.orElseGet(this::build);
    state = Optional.of(current);
    return current;
  }

  private ClusterState build() {
    Map<String, List<Generation>> byName = new TreeMap<>();
    for (Generation generation : generations.values()) {
      byName.computeIfAbsent(generation.name(), name -> new ArrayList<>()).add(generation);
    }
    byName.replaceAll((name, lives) ->
        lives.stream().sorted(Comparator.comparingInt(Generation::generation)).toList());
    return new ClusterState(byName, aliases, placements, counters, leader, notes, quotas, position);
  }

  private static Generation numbered(Generation generation, long offset) {
    return generation.metaNumber() == MetaChange.THIS_RECORD
        ? generation.withMetaNumber(offset)
        : generation;
  }

  private static Placement versioned(Placement placement, long offset) {
    return placement.version() == MetaChange.THIS_RECORD
        ? new Placement(
            placement.collectionId(), placement.generation(), placement.shards(), offset)
        : placement;
  }
}
