package dev.eddy.model.cluster;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.shard.ShardId;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One life of a collection: one log topic with a fixed number of shards.
 *
 * @param collectionId new for every creation, also under an old name
 * @param generation only ever grows for a name, across delete and re-create
 * @param topic name of the log topic
 * @param topicId the log topic's own id; null until it was created
 * @param created inbox end offsets captured after the first record of the creation was written;
 *     without meaning while creating
 * @param dropped inbox end offsets captured after the first record of the drop was written; null
 *     while not dropped, and in a dropped one until the second record brings them
 * @param metaNumber offset of the metadata record that ordered the current spec
 * @param configuring whether the current spec may still be missing in some partition of the log; a
 *     controller completes that before it does anything newer to the collection
 */
public record Generation(
    UUID collectionId,
    String name,
    int generation,
    State state,
    CollectionSpec spec,
    String topic,
    @Nullable UUID topicId,
    InboxEnds created,
    @Nullable InboxEnds dropped,
    long metaNumber,
    boolean configuring) {

  public enum State {
    /** The record stands; topic and Genesis may be missing. Nobody writes yet. */
    CREATING,
    ACTIVE,
    DROPPED
  }

  /** A generation whose spec has reached every partition. */
  public Generation(
      UUID collectionId,
      String name,
      int generation,
      State state,
      CollectionSpec spec,
      String topic,
      @Nullable UUID topicId,
      InboxEnds created,
      @Nullable InboxEnds dropped,
      long metaNumber) {
    this(
        collectionId,
        name,
        generation,
        state,
        spec,
        topic,
        topicId,
        created,
        dropped,
        metaNumber,
        false);
  }

  public Optional<UUID> logTopicId() {
    return Optional.ofNullable(topicId);
  }

  public Optional<InboxEnds> droppedAt() {
    return Optional.ofNullable(dropped);
  }

  /** The same with another number of the record that ordered its spec. */
  public Generation withMetaNumber(long number) {
    return with(state, spec, topicId, created, dropped, number, configuring);
  }

  /** The same in another state. */
  public Generation withState(State newState) {
    return with(newState, spec, topicId, created, dropped, metaNumber, configuring);
  }

  /** The same with the id of its log topic. */
  public Generation withTopicId(UUID id) {
    return with(state, spec, id, created, dropped, metaNumber, configuring);
  }

  /** The same, created where the inbox ended so. */
  public Generation createdAt(InboxEnds ends) {
    return with(state, spec, topicId, ends, dropped, metaNumber, configuring);
  }

  /** The same, dropped where the inbox ended so; null = that is not known yet. */
  public Generation droppedAt(@Nullable InboxEnds ends) {
    return with(State.DROPPED, spec, topicId, created, ends, metaNumber, configuring);
  }

  /**
   * The same with another spec, which this record orders and which is still to reach the
   * partitions.
   */
  public Generation reconfigured(CollectionSpec newSpec) {
    return with(state, newSpec, topicId, created, dropped, MetaChange.THIS_RECORD, true);
  }

  /** The same; its spec has reached every partition. */
  public Generation configured() {
    return with(state, spec, topicId, created, dropped, metaNumber, false);
  }

  /** The same life; what never changes in one is not asked for. */
  private Generation with(
      State newState,
      CollectionSpec newSpec,
      @Nullable UUID newTopicId,
      InboxEnds newCreated,
      @Nullable InboxEnds newDropped,
      long newMetaNumber,
      boolean isConfiguring) {
    return new Generation(
        collectionId,
        name,
        generation,
        newState,
        newSpec,
        topic,
        newTopicId,
        newCreated,
        newDropped,
        newMetaNumber,
        isConfiguring);
  }

  public ShardId shard(int shard) {
    return new ShardId(collectionId, generation, shard);
  }
}
