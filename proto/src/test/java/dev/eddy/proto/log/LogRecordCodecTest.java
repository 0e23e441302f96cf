package dev.eddy.proto.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.PointId;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import dev.eddy.proto.UnknownRecordException;
import dev.eddy.proto.mapping.FilterMessages;
import dev.eddy.proto.model.NamedVectorMessage;
import dev.eddy.proto.model.PointMessage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LogRecordCodecTest {
  private static final UnknownFieldSet LATER =
      UnknownFieldSet.newBuilder()
          .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
          .build();

  @Test
  void aRecordOfAnotherFormatIsRefused() {
    refused(
        LogRecord.newBuilder().setFormat(2).setNoop(NoopRecord.getDefaultInstance()), "format 2");
    refused(LogRecord.newBuilder().setNoop(NoopRecord.getDefaultInstance()), "format 0");
  }

  @Test
  void aRecordWithoutAKnownKindIsRefused() {
    refused(LogRecord.newBuilder().setFormat(1), "no kind");
    ByteString body = ByteString.copyFromUtf8("later");
    UnknownFieldSet kind =
        UnknownFieldSet.newBuilder()
            .addField(90, UnknownFieldSet.Field.newBuilder().addLengthDelimited(body).build())
            .build();
    refused(LogRecord.newBuilder().setFormat(1).setUnknownFields(kind), "unknown kind 90");
  }

  @Test
  void anUnknownFieldAtAnyPlaceIsRefused() {
    refused(record(point()).setUnknownFields(LATER), "unexpected field");
    refused(record(point().setUnknownFields(LATER)), "unknown field in a point: 99");
    refused(
        record(point().setVectors(0, point().getVectors(0).toBuilder().setUnknownFields(LATER))),
        "unknown field in a vector: 99");
    refused(
        LogRecord.newBuilder()
            .setFormat(1)
            .setClearPayload(ClearPayloadRecord.newBuilder().setUnknownFields(LATER)),
        "field 99");
  }

  @Test
  void aPointThatLacksItsIdOrAVectorThatLacksItsValuesIsRefused() {
    refused(record(point().clearId()), "lacks an id");
    refused(record(point().addVectors(NamedVectorMessage.newBuilder().setName("v"))), "lacks");
    NamedVectorMessage.Builder cut =
        NamedVectorMessage.newBuilder().setDense(ByteString.copyFromUtf8("12345"));
    refused(record(point().addVectors(cut)), "5 bytes");
  }

  @Test
  void bytesThatAreNoRecordAreRefused() {
    assertThatThrownBy(() -> LogRecordCodec.decode(new byte[0]))
        .isInstanceOf(UnknownRecordException.class);
    assertThatThrownBy(() -> LogRecordCodec.decode("{\"id\":1}".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(UnknownRecordException.class);
  }

  @Test
  void theDeepestFilterThatIsAcceptedCanBeReadBack() {
    Update deepest =
        new Update.Delete(new PointSelection.Matching(nested(FilterMessages.DEPTH_MAX)));
    assertThat(LogRecordCodec.decode(LogRecordCodec.encode(deepest))).isEqualTo(deepest);
  }

  @Test
  void aDeeperFilterIsRefusedBeforeItIsWritten() {
    Filter deeper = nested(FilterMessages.DEPTH_MAX + 1);
    Update update = new Update.Delete(new PointSelection.Matching(deeper));
    assertThatThrownBy(() -> LogRecordCodec.encode(update))
        .isInstanceOf(EddyException.class)
        .hasMessageContaining("must be at most 20");
    assertThatCode(() -> FilterMessages.checkDepth(nested(FilterMessages.DEPTH_MAX)))
        .doesNotThrowAnyException();
  }

  @Test
  void equalSetsOfIdsHaveEqualBytes() {
    Filter one = Filter.must(new Condition.HasId(Set.of(PointId.of(1), PointId.of(2))));
    Filter two = Filter.must(new Condition.HasId(Set.of(PointId.of(2), PointId.of(1))));
    assertThat(FilterMessages.filter(one).toByteArray())
        .isEqualTo(FilterMessages.filter(two).toByteArray());
  }

  /** Filters inside a {@code should} inside a nested condition: the form that takes most levels. */
  private static Filter nested(int depth) {
    List<FieldPredicate.GeoPoint> ring = List.of(new FieldPredicate.GeoPoint(1, 2));
    Condition inner =
        depth == 1
            ? new Condition.Field(
                KeyPath.parse("a"), List.of(new FieldPredicate.GeoPolygon(ring, List.of(ring))))
            : new Condition.Nested(KeyPath.parse("a"), nested(depth - 1));
    return new Filter(List.of(), List.of(inner), List.of(), null);
  }

  private static PointMessage.Builder point() {
    return PointMessage.newBuilder()
        .setNum(7)
        .addVectors(NamedVectorMessage.newBuilder().setDense(ByteString.copyFromUtf8("1234")));
  }

  private static LogRecord.Builder record(PointMessage.Builder point) {
    return LogRecord.newBuilder()
        .setFormat(1)
        .setUpsert(UpsertRecord.newBuilder().addPoints(point));
  }

  private static void refused(LogRecord.Builder record, String reason) {
    assertThatThrownBy(() -> LogRecordCodec.decode(record.build().toByteArray()))
        .isInstanceOf(UnknownRecordException.class)
        .hasMessageContaining(reason);
  }
}
