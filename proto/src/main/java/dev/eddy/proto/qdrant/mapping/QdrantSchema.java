package dev.eddy.proto.qdrant.mapping;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.collection.FieldIndex;
import dev.eddy.proto.qdrant.BoolIndexParams;
import dev.eddy.proto.qdrant.DatetimeIndexParams;
import dev.eddy.proto.qdrant.FloatIndexParams;
import dev.eddy.proto.qdrant.GeoIndexParams;
import dev.eddy.proto.qdrant.IntegerIndexParams;
import dev.eddy.proto.qdrant.KeywordIndexParams;
import dev.eddy.proto.qdrant.KeywordPrefixParams;
import dev.eddy.proto.qdrant.PayloadIndexParams;
import dev.eddy.proto.qdrant.PayloadSchemaInfo;
import dev.eddy.proto.qdrant.PayloadSchemaType;
import dev.eddy.proto.qdrant.TextIndexParams;
import dev.eddy.proto.qdrant.UuidIndexParams;

/** Declared payload fields as clients see them. */
public final class QdrantSchema {
  private QdrantSchema() {}

  /**
   * @param points that have a value of the field
   */
  public static PayloadSchemaInfo info(FieldIndex index, long points) {
    PayloadSchemaInfo.Builder builder =
        PayloadSchemaInfo.newBuilder().setDataType(type(index.type())).setPoints(points);
    if (!index.isBare()) {
      builder.setParams(params(index));
    }
    return builder.build();
  }

  private static PayloadSchemaType type(FieldIndex.Type type) {
    return switch (type) {
      case KEYWORD -> PayloadSchemaType.Keyword;
      case INTEGER -> PayloadSchemaType.Integer;
      case FLOAT -> PayloadSchemaType.Float;
      case GEO -> PayloadSchemaType.Geo;
      case TEXT -> PayloadSchemaType.Text;
      case BOOL -> PayloadSchemaType.Bool;
      case DATETIME -> PayloadSchemaType.Datetime;
      case UUID -> PayloadSchemaType.Uuid;
    };
  }

  private static PayloadIndexParams params(FieldIndex index) {
    PayloadIndexParams.Builder builder = PayloadIndexParams.newBuilder();
    switch (index.type()) {
      case KEYWORD -> builder.setKeywordIndexParams(keyword(index));
      case INTEGER -> builder.setIntegerIndexParams(integer(index));
      case FLOAT -> builder.setFloatIndexParams(floats(index));
      case GEO -> builder.setGeoIndexParams(geo(index));
      case TEXT -> builder.setTextIndexParams(text(index));
      case BOOL -> builder.setBoolIndexParams(bool(index));
      case DATETIME -> builder.setDatetimeIndexParams(datetime(index));
      case UUID -> builder.setUuidIndexParams(uuid(index));
    }
    return builder.build();
  }

  @SuppressWarnings("deprecation") // on_disk is shown back as it was given.
  private static KeywordIndexParams keyword(FieldIndex index) {
    KeywordIndexParams.Builder builder = KeywordIndexParams.newBuilder();
    Given.set(index.isTenant(), builder::setIsTenant);
    Given.set(index.onDisk(), builder::setOnDisk);
    Given.set(index.enableHnsw(), builder::setEnableHnsw);
    Given.set(index.memory(), word -> builder.setMemory(QdrantSettings.memory(word)));
    Given.set(
        index.prefix(),
        isWanted -> {
          if (isWanted) {
            builder.setPrefix(KeywordPrefixParams.getDefaultInstance());
          }
        });
    return builder.build();
  }

  @SuppressWarnings("deprecation") // on_disk is shown back as it was given.
  private static IntegerIndexParams integer(FieldIndex index) {
    IntegerIndexParams.Builder builder = IntegerIndexParams.newBuilder();
    Given.set(index.lookup(), builder::setLookup);
    Given.set(index.range(), builder::setRange);
    Given.set(index.isPrincipal(), builder::setIsPrincipal);
    Given.set(index.onDisk(), builder::setOnDisk);
    Given.set(index.enableHnsw(), builder::setEnableHnsw);
    Given.set(index.memory(), word -> builder.setMemory(QdrantSettings.memory(word)));
    return builder.build();
  }

  @SuppressWarnings("deprecation") // on_disk is shown back as it was given.
  private static FloatIndexParams floats(FieldIndex index) {
    FloatIndexParams.Builder builder = FloatIndexParams.newBuilder();
    Given.set(index.isPrincipal(), builder::setIsPrincipal);
    Given.set(index.onDisk(), builder::setOnDisk);
    Given.set(index.enableHnsw(), builder::setEnableHnsw);
    Given.set(index.memory(), word -> builder.setMemory(QdrantSettings.memory(word)));
    return builder.build();
  }

  @SuppressWarnings("deprecation") // on_disk is shown back as it was given.
  private static GeoIndexParams geo(FieldIndex index) {
    GeoIndexParams.Builder builder = GeoIndexParams.newBuilder();
    Given.set(index.onDisk(), builder::setOnDisk);
    Given.set(index.enableHnsw(), builder::setEnableHnsw);
    Given.set(index.memory(), word -> builder.setMemory(QdrantSettings.memory(word)));
    return builder.build();
  }

  @SuppressWarnings("deprecation") // on_disk is shown back as it was given.
  private static TextIndexParams text(FieldIndex index) {
    TextIndexParams.Builder builder = QdrantTexts.params(requireNonNull(index.text()));
    Given.set(index.onDisk(), builder::setOnDisk);
    Given.set(index.enableHnsw(), builder::setEnableHnsw);
    Given.set(index.memory(), word -> builder.setMemory(QdrantSettings.memory(word)));
    return builder.build();
  }

  @SuppressWarnings("deprecation") // on_disk is shown back as it was given.
  private static BoolIndexParams bool(FieldIndex index) {
    BoolIndexParams.Builder builder = BoolIndexParams.newBuilder();
    Given.set(index.onDisk(), builder::setOnDisk);
    Given.set(index.enableHnsw(), builder::setEnableHnsw);
    Given.set(index.memory(), word -> builder.setMemory(QdrantSettings.memory(word)));
    return builder.build();
  }

  @SuppressWarnings("deprecation") // on_disk is shown back as it was given.
  private static DatetimeIndexParams datetime(FieldIndex index) {
    DatetimeIndexParams.Builder builder = DatetimeIndexParams.newBuilder();
    Given.set(index.isPrincipal(), builder::setIsPrincipal);
    Given.set(index.onDisk(), builder::setOnDisk);
    Given.set(index.enableHnsw(), builder::setEnableHnsw);
    Given.set(index.memory(), word -> builder.setMemory(QdrantSettings.memory(word)));
    return builder.build();
  }

  @SuppressWarnings("deprecation") // on_disk is shown back as it was given.
  private static UuidIndexParams uuid(FieldIndex index) {
    UuidIndexParams.Builder builder = UuidIndexParams.newBuilder();
    Given.set(index.isTenant(), builder::setIsTenant);
    Given.set(index.onDisk(), builder::setOnDisk);
    Given.set(index.enableHnsw(), builder::setEnableHnsw);
    Given.set(index.memory(), word -> builder.setMemory(QdrantSettings.memory(word)));
    return builder.build();
  }
}
