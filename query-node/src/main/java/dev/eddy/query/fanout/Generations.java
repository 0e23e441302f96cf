package dev.eddy.query.fanout;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.collection.CollectionName;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.query.ReadToken;
import java.time.Duration;
import java.util.Optional;

/**
 * Which generation a request is about, from a view that is new enough to answer that. Safe from any
 * thread.
 */
public final class Generations {
  private static final Duration READ_TO_END = Duration.ofSeconds(10);

  private final ClusterView view;

  public Generations(ClusterView view) {
    this.view = requireNonNull(view, "view");
  }

  /**
   * The active generation of a name or alias. An unknown one is looked for once more after reading
   * the metadata to its end.
   *
   * @throws EddyException NOT_FOUND with the contract's text
   */
  public Generation resolve(String nameOrAlias) {
    Optional<Generation> known = view.verified(READ_TO_END).resolve(nameOrAlias);
    return known.isPresent()
        ? known.get()
        : view.readToEnd(READ_TO_END).resolve(nameOrAlias).orElseThrow(() -> missing(nameOrAlias));
  }

  /**
   * {@link #resolve} for a read with a token: a token of a generation that this node has not heard
   * of yet makes it read on first.
   *
   * @throws EddyException WRONG_GENERATION when the token is of another one
   */
  public Generation resolve(String nameOrAlias, ReadToken token) {
    Generation generation = resolve(nameOrAlias);
    if (!isOf(token, generation)) {
      generation =
          view.readToEnd(READ_TO_END).resolve(nameOrAlias).orElseThrow(() -> missing(nameOrAlias));
    }
    if (!isOf(token, generation)) {
      throw new EddyException(
          ErrorCode.WRONG_GENERATION,
          "Wrong input: token of another generation: collection `%s` is now %s generation %d, the token is of %s generation %d"
              .formatted(
                  nameOrAlias,
                  generation.collectionId(),
                  generation.generation(),
                  token.collectionId(),
                  token.generation()));
    }
    return generation;
  }

  /** The state, at most 2 s behind; for checks after something has happened. */
  public ClusterState verified() {
    return view.verified(READ_TO_END);
  }

  /** The state at the metadata's end of now. */
  public ClusterState readToEnd() {
    return view.readToEnd(READ_TO_END);
  }

  /** Whether the generation is not dropped, as far as the state knows. */
  public static boolean isActive(ClusterState state, Generation generation) {
    Optional<Generation> active = state.activeNamed(generation.name());
    return active.isPresent() && active.get().collectionId().equals(generation.collectionId());
  }

  /**
   * What to throw for a name that nothing has.
   *
   * @throws EddyException VALIDATION when nothing can have it
   */
  public static EddyException missing(String nameOrAlias) {
    CollectionName.checkLength("collection_name", nameOrAlias);
    return EddyException.notFound("Collection `" + nameOrAlias + "` doesn't exist!");
  }

  private static boolean isOf(ReadToken token, Generation generation) {
    return token.collectionId().equals(generation.collectionId())
        && token.generation() == generation.generation();
  }
}
