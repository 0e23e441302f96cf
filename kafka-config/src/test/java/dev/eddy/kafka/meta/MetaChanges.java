package dev.eddy.kafka.meta;

import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.InboxEnds;
import dev.eddy.model.cluster.MetaChange;
import dev.eddy.model.cluster.Placement;
import dev.eddy.model.cluster.Placement.Replica;
import dev.eddy.model.cluster.Placement.ReplicaState;
import dev.eddy.model.cluster.QuotaConfig;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.VectorParams;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Changes for tests, by hand and by chance. */
final class MetaChanges {
  private static final UUID INBOX = new UUID(9, 9);
  private static final CollectionSpec SPEC =
      CollectionSpec.of(Map.of("", VectorParams.of(4, Distance.COSINE)));

  private MetaChanges() {}

  static Generation creating(UUID id, String name, int generation) {
    return new Generation(
        id,
        name,
        generation,
        Generation.State.CREATING,
        SPEC,
        "t." + name + ".g" + generation + ".log",
        null,
        new InboxEnds(INBOX, List.of(3L, 5L)),
        null,
        MetaChange.THIS_RECORD);
  }

  /** Any change, of few names so that keys meet. */
  static MetaChange any(Random random) {
    int name = random.nextInt(4);
    UUID id = new UUID(0, name);
    Generation generation = creating(id, "c" + name, 1 + random.nextInt(3));
    return switch (random.nextInt(12)) {
      case 0 -> new MetaChange.LeaderElected(random.nextInt(9), "n" + name, random.nextInt(9));
      case 1 -> new MetaChange.GenerationSet(generation);
      case 2 ->
          new MetaChange.GenerationSet(
              generation.withState(Generation.State.ACTIVE).withTopicId(new UUID(7, name)));
      case 3 -> new MetaChange.GenerationSet(generation.droppedAt(generation.created()));
      case 4 -> new MetaChange.GenerationForgotten(id, generation.generation());
      case 5 -> new MetaChange.CounterSet("c" + name, random.nextInt(9));
      case 6 -> new MetaChange.AliasSet("a" + random.nextInt(3), "c" + name);
      case 7 -> new MetaChange.AliasRemoved("a" + random.nextInt(3));
      case 8 -> new MetaChange.PlacementSet(placement(id, random));
      case 9 -> new MetaChange.PlacementRemoved(id);
      case 10 ->
          new MetaChange.QuotasSet(
              new QuotaConfig(
                  random.nextBoolean(), 1 + random.nextInt(100), null, random.nextInt(3)));
      default ->
          random.nextBoolean()
              ? new MetaChange.NoteSet("n" + name, "text" + random.nextInt(9))
              : new MetaChange.NoteRemoved("n" + name);
    };
  }

  private static Placement placement(UUID id, Random random) {
    ReplicaState[] states = ReplicaState.values();
    return new Placement(
        id,
        1,
        List.of(List.of(new Replica("n" + random.nextInt(3), states[random.nextInt(4)]))),
        random.nextBoolean() ? MetaChange.THIS_RECORD : random.nextInt(99));
  }
}
