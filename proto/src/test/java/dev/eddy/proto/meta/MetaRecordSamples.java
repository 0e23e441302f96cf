package dev.eddy.proto.meta;

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
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One change of every kind that has a value, with every state. */
final class MetaRecordSamples {
  private static final UUID COLLECTION = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
  private static final UUID INBOX = UUID.fromString("fedcba98-7654-3210-fedc-ba9876543210");
  private static final UUID LOG = UUID.fromString("00000000-0000-0001-0000-000000000002");
  private static final InboxEnds ENDS = new InboxEnds(INBOX, List.of(0L, 5L, 1_000_000L));

  private MetaRecordSamples() {}

  /** Prints the golden file of a new format; the file of a format that was released stays as is. */
  public static void main(String[] arguments) {
    all().stream().map(MetaRecordSamples::line).forEach(System.out::println);
  }

  /** Key and value; no key here contains a blank. */
  static String line(MetaChange change) {
    byte[] value = MetaRecordCodec.encode(change);
    if (value == null) {
      throw new IllegalArgumentException("a removal has no value: " + change.key());
    }
    return change.key() + " " + HexFormat.of().formatHex(value);
  }

  static List<MetaChange> all() {
    return List.of(
        new MetaChange.LeaderElected(3, "node-1", 1_700_000_000_000L),
        new MetaChange.GenerationSet(
            generation(1, Generation.State.CREATING, null, null, MetaChange.THIS_RECORD, false)),
        new MetaChange.GenerationSet(generation(2, Generation.State.ACTIVE, LOG, null, 17, true)),
        new MetaChange.GenerationSet(generation(3, Generation.State.DROPPED, LOG, ENDS, 18, false)),
        new MetaChange.CounterSet("größe", 3),
        new MetaChange.AliasSet("alias", "größe"),
        new MetaChange.PlacementSet(placement()),
        new MetaChange.NoteSet("min-insync-replicas", "1: a power cut can cost writes"),
        new MetaChange.QuotasSet(new QuotaConfig(true, 80, 90, 0)));
  }

  private static Generation generation(
      int number,
      Generation.State state,
      @Nullable UUID topicId,
      @Nullable InboxEnds dropped,
      long metaNumber,
      boolean configuring) {
    return new Generation(
        COLLECTION,
        "größe",
        number,
        state,
        CollectionSpec.of(Map.of("", VectorParams.of(2, Distance.COSINE))).distributed(2, 1),
        "eddy.gr-1f2e.g" + number + ".log",
        topicId,
        ENDS,
        dropped,
        metaNumber,
        configuring);
  }

  private static Placement placement() {
    return new Placement(
        COLLECTION,
        2,
        List.of(
            List.of(
                new Replica("node-1", ReplicaState.READING),
                new Replica("node-2", ReplicaState.JOINING)),
            List.of(
                new Replica("node-1", ReplicaState.LEAVING),
                new Replica("node-2", ReplicaState.CATCHING_UP)),
            List.of()),
        19);
  }
}
