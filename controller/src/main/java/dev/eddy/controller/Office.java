package dev.eddy.controller;

import dev.eddy.kafka.meta.ClusterStateFold;
import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.MetaChange;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One term of office: the state as decided so far, and the right to decide more. It ends with the
 * first {@link DeposedException}. Owned by the controller's thread.
 */
final class Office {
  private final DecisionLog log;
  private final ClusterStateFold fold;
  private boolean isDeposed;
  private @Nullable MetaChange attached;

  /**
   * Takes office.
   *
   * @param state everything that was decided before; nobody else decides from here on
   */
  Office(DecisionLog log, ClusterState state) {
    this.log = log;
    this.fold = new ClusterStateFold(state);
  }

  ClusterState state() {
    return fold.state();
  }

  /**
   * Decides.
   *
   * @return the position that nodes have who know of it
   */
  long decide(List<MetaChange> decided) {
    List<MetaChange> changes = decided;
    if (attached != null) {
      changes = new ArrayList<>(decided);
      changes.add(attached);
    }
    List<Long> offsets;
    try {
      offsets = log.write(changes);
    } catch (DeposedException e) {
      isDeposed = true;
      throw e;
    }
    attached = null;
    for (int i = 0; i < changes.size(); i++) {
      fold.apply(offsets.get(i), changes.get(i));
    }
    return fold.position();
  }

  /** Lets the next decision be written together with this one. */
  void attach(MetaChange change) {
    attached = change;
  }

  /** Whether what was attached last was not written; from here on it won't be. */
  boolean detach() {
    boolean isLeft = attached != null;
    attached = null;
    return isLeft;
  }

  /** Whether the term is over. */
  boolean isDeposed() {
    return isDeposed;
  }

  long decide(MetaChange... changes) {
    return decide(List.of(changes));
  }

  /** A generation as decided last. */
  Generation current(Generation generation) {
    return state()
        .generation(generation.collectionId(), generation.generation())
        .orElseThrow(() -> new IllegalStateException("no record of " + generation));
  }

  /** All generations in a state, in the order of names. */
  List<Generation> generations(Generation.State wanted) {
    return state().generations().values().stream()
        .flatMap(List::stream)
        .filter(generation -> generation.state() == wanted)
        .toList();
  }

  /** The number of the next generation of a name: above all that it ever had. */
  int nextGeneration(String name) {
    Stream<Integer> known =
        state().generations().getOrDefault(name, List.of()).stream().map(Generation::generation);
    int counter = state().counters().getOrDefault(name, 0);
    return Stream.concat(Stream.of(counter), known).max(Integer::compare).orElse(0) + 1;
  }
}
