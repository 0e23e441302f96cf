package dev.eddy.proto.meta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.InboxEnds;
import dev.eddy.model.cluster.MetaChange;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.IngestReport;
import dev.eddy.model.cluster.NodeReport.MemoryReport;
import dev.eddy.model.cluster.NodeReport.QuotaReport;
import dev.eddy.model.cluster.NodeReport.Role;
import dev.eddy.model.cluster.NodeReport.ShardReport;
import dev.eddy.model.cluster.Placement;
import dev.eddy.model.cluster.QuotaConfig;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.BrokenChain;
import dev.eddy.proto.RandomModel;
import dev.eddy.proto.UnknownRecordException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MetaRecordCodecTest {
  private static final int ROUNDS = 1_000;

  @Test
  void everyChangeComesBackEqual() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      MetaChange change = change(new RandomModel(new Random(seed)), new Random(seed), seed);
      byte[] value = MetaRecordCodec.encode(change);
      assertThat(value == null).as("seed %d", seed).isEqualTo(change.isRemoval());
      assertThat(MetaRecordCodec.decode(change.key(), value)).as("seed %d", seed).isEqualTo(change);
    }
  }

  @Test
  void aRecordUnderAnotherKeyIsRefused() {
    byte[] value = MetaRecordCodec.encode(new MetaChange.AliasSet("a", "c"));
    assertThatThrownBy(() -> MetaRecordCodec.decode("alias/b", value))
        .isInstanceOf(UnknownRecordException.class)
        .hasMessageContaining("alias/a");
  }

  @Test
  void whatThisVersionDoesNotKnowIsRefused() {
    UnknownFieldSet later =
        UnknownFieldSet.newBuilder()
            .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();
    AliasRecord.Builder alias = AliasRecord.newBuilder().setAlias("a").setCollection("c");
    refused(MetaRecord.newBuilder().setFormat(2).setAlias(alias), "format 2");
    refused(MetaRecord.newBuilder().setFormat(1), "no known kind");
    refused(MetaRecord.newBuilder().setFormat(1).setAlias(alias.setUnknownFields(later)), "alias");
    assertThatThrownBy(
            () -> MetaRecordCodec.decode("alias/a", "junk".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(UnknownRecordException.class);
    assertThatThrownBy(() -> MetaRecordCodec.decode("later/a", null))
        .isInstanceOf(UnknownRecordException.class);
  }

  private static void refused(MetaRecord.Builder record, String reason) {
    assertThatThrownBy(() -> MetaRecordCodec.decode("alias/a", record.build().toByteArray()))
        .isInstanceOf(UnknownRecordException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void everyReportComesBackEqual() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      NodeReport report = report(new RandomModel(new Random(seed)), new Random(seed));
      assertThat(NodeReportCodec.decode(NodeReportCodec.encode(report)))
          .as("seed %d", seed)
          .isEqualTo(report);
    }
  }

  @Test
  void aReportOfALaterVersionIsReadWithoutWhatIsNew() {
    NodeReport report = report(new RandomModel(new Random(1)), new Random(1));
    byte[] encoded = NodeReportCodec.encode(report);
    byte[] longer = Arrays.copyOf(encoded, encoded.length + 3);
    longer[encoded.length] = (byte) 0x98; // Field 99, a varint.
    longer[encoded.length + 1] = 0x06;
    longer[encoded.length + 2] = 0x01;
    assertThat(NodeReportCodec.decode(longer)).isEqualTo(report);
  }

  private static MetaChange change(RandomModel model, Random random, int kind) {
    return switch (kind % 11) {
      case 0 -> new MetaChange.LeaderElected(random.nextLong(), "n" + model.text(), model.count());
      case 1 -> new MetaChange.GenerationSet(generation(model, random));
      case 2 -> new MetaChange.CounterSet(model.text() + "c", model.nat());
      case 3 -> new MetaChange.AliasSet(model.text() + "a", model.text() + "c");
      case 4 -> new MetaChange.PlacementSet(placement(model, random));
      case 5 -> new MetaChange.NoteSet("n" + model.text(), model.text());
      case 6 -> new MetaChange.GenerationForgotten(model.uuid(), model.nat());
      case 7 -> new MetaChange.AliasRemoved(model.text() + "/a");
      case 8 -> new MetaChange.PlacementRemoved(model.uuid());
      case 9 -> new MetaChange.QuotasSet(quotas(random));
      default -> new MetaChange.NoteRemoved("n" + model.text());
    };
  }

  private static QuotaConfig quotas(Random random) {
    return new QuotaConfig(
        random.nextBoolean(),
        random.nextBoolean() ? null : 1 + random.nextInt(100),
        random.nextBoolean() ? null : 1 + random.nextInt(100),
        random.nextBoolean() ? null : random.nextInt(101));
  }

  private static Generation generation(RandomModel model, Random random) {
    return new Generation(
        model.uuid(),
        model.text() + "c",
        model.nat(),
        Generation.State.values()[random.nextInt(3)],
        model.spec(),
        "eddy.c.g1.log",
        model.maybe(model::uuid),
        ends(model),
        model.maybe(() -> ends(model)),
        random.nextBoolean() ? MetaChange.THIS_RECORD : model.count(),
        random.nextBoolean());
  }

  private static InboxEnds ends(RandomModel model) {
    return new InboxEnds(model.uuid(), model.list(5, model::count));
  }

  private static Placement placement(RandomModel model, Random random) {
    Placement.ReplicaState[] states = Placement.ReplicaState.values();
    return new Placement(
        model.uuid(),
        model.nat(),
        model.list(
            4,
            () ->
                model.list(
                    3,
                    () ->
                        new Placement.Replica(
                            "node-" + random.nextInt(9), states[random.nextInt(states.length)]))),
        random.nextBoolean() ? MetaChange.THIS_RECORD : model.count());
  }

  private static NodeReport report(RandomModel model, Random random) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (Role role : Role.values()) {
      if (random.nextBoolean()) {
        roles.add(role);
      }
    }
    return new NodeReport(
        "node-" + model.text(),
        model.count(),
        roles,
        model.maybe(() -> "127.0.0.1:6335"),
        model.maybe(() -> "[::1]:6337"),
        model.count(),
        model.list(3, () -> shardReport(model)),
        model.maybe(() ->
            new IngestReport(
                model.count(),
                model.count(),
                model.count(),
                model.count(),
                model.list(4, model::count))),
        model.maybe(() ->
            new QuotaReport(
                random.nextBoolean(),
                model.maybe(() -> random.nextInt(101)),
                model.maybe(() -> random.nextInt(101)))),
        model.maybe(() ->
            new MemoryReport(
                model.count(),
                model.count(),
                model.count(),
                random.nextBoolean(),
                model.memoryUse())));
  }

  private static ShardReport shardReport(RandomModel model) {
    return new ShardReport(
        new ShardId(model.uuid(), model.nat(), model.nat()),
        "SERVING",
        model.count(),
        model.count(),
        model.count(),
        model.count(),
        "00ff",
        model.list(
            2, () -> new BrokenChain(model.uuid(), model.nat(), model.count(), model.count() - 1)),
        model.maybe(model::text));
  }
}
