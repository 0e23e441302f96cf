package dev.eddy.proto.qdrant.mapping;

import dev.eddy.model.collection.Declaration;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.FieldIndex.Type;
import dev.eddy.model.collection.TextSettings;
import dev.eddy.model.collection.VectorName;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.json.KeyPath;
import dev.eddy.proto.qdrant.CreateFieldIndexCollection;
import dev.eddy.proto.qdrant.CreateVectorNameRequest;
import dev.eddy.proto.qdrant.DeleteFieldIndexCollection;
import dev.eddy.proto.qdrant.DeleteVectorNameRequest;
import dev.eddy.proto.qdrant.FieldType;
import dev.eddy.proto.qdrant.IntegerIndexParams;
import dev.eddy.proto.qdrant.Memory;
import dev.eddy.proto.qdrant.PayloadIndexParams;
import org.jspecify.annotations.Nullable;

/** Declared payload fields and names of vectors as clients give them. */
public final class QdrantDeclarations {
  private QdrantDeclarations() {}

  public static Declaration declareField(CreateFieldIndexCollection message) {
    Rules.checkKnown(message);
    QdrantUpdates.check(message.getOrdering());
    return new Declaration.DeclareField(KeyPath.parse(message.getFieldName()), index(message));
  }

  public static Declaration dropField(DeleteFieldIndexCollection message) {
    Rules.checkKnown(message);
    QdrantUpdates.check(message.getOrdering());
    return new Declaration.DropField(KeyPath.parse(message.getFieldName()));
  }

  public static Declaration addVector(CreateVectorNameRequest message) {
    Rules.checkKnown(message);
    QdrantUpdates.check(message.getOrdering());
    String name = message.getVectorName();
    VectorName.problem(name)
        .ifPresent(problem -> {
          throw VectorName.refusal(name, "vector_name: " + problem);
        });
    return switch (message.getVectorConfigCase()) {
      case DENSE_CONFIG ->
          new Declaration.AddVector(name, QdrantCollections.vector(message.getDenseConfig()));
      case SPARSE_CONFIG ->
          new Declaration.AddSparseVector(
              name, QdrantSparse.params(message.getSparseConfig(), "sparse_config"));
      case VECTORCONFIG_NOT_SET -> throw Rules.unset("vector_config");
    };
  }

  public static Declaration dropVector(DeleteVectorNameRequest message) {
    Rules.checkKnown(message);
    QdrantUpdates.check(message.getOrdering());
    if (message.getVectorName().isEmpty()) {
      throw Rules.unset("vector_name");
    }
    return new Declaration.DropVector(message.getVectorName());
  }

  private static FieldIndex index(CreateFieldIndexCollection message) {
    if (message.hasFieldIndexParams()) {
      FieldIndex index = index(message.getFieldIndexParams());
      if (message.hasFieldType() && type(message.getFieldType()) != index.type()) {
        throw EddyException.wrongInput("field_type and field_index_params do not match");
      }
      return index;
    }
    if (!message.hasFieldType()) {
      throw EddyException.badRequest(
          "Can't auto-detect field type, please specify `field_schema` in the request");
    }
    return FieldIndex.of(type(message.getFieldType()));
  }

  private static Type type(FieldType type) {
    return switch (type) {
      case FieldTypeKeyword -> Type.KEYWORD;
      case FieldTypeInteger -> Type.INTEGER;
      case FieldTypeFloat -> Type.FLOAT;
      case FieldTypeGeo -> Type.GEO;
      case FieldTypeText -> Type.TEXT;
      case FieldTypeBool -> Type.BOOL;
      case FieldTypeDatetime -> Type.DATETIME;
      case FieldTypeUuid -> Type.UUID;
      case UNRECOGNIZED -> throw Rules.unrecognized("field_type");
    };
  }

  /** What every type has. */
  private record Common(
      @Nullable Boolean onDisk, @Nullable String memory, @Nullable Boolean enableHnsw) {
    FieldIndex index(Type type) {
      return index(type, null, null, null, null, null, null);
    }

    FieldIndex index(
        Type type,
        @Nullable Boolean isTenant,
        @Nullable Boolean isPrincipal,
        @Nullable Boolean lookup,
        @Nullable Boolean range,
        @Nullable Boolean prefix,
        @Nullable TextSettings text) {
      return new FieldIndex(
          type,
          false,
          onDisk,
          memory,
          enableHnsw,
          isTenant,
          isPrincipal,
          lookup,
          range,
          prefix,
          text);
    }
  }

  private static Common common(
      boolean hasOnDisk,
      boolean onDisk,
      boolean hasMemory,
      Memory memory,
      boolean hasEnableHnsw,
      boolean enableHnsw) {
    return new Common(
        given(hasOnDisk, onDisk),
        QdrantSettings.memory(hasMemory, memory, "field_index_params.memory"),
        given(hasEnableHnsw, enableHnsw));
  }

  private static @Nullable Boolean given(boolean present, boolean value) {
    return present ? (Boolean) value : null;
  }

  @SuppressWarnings("deprecation") // on_disk is deprecated and still in use.
  private static FieldIndex index(PayloadIndexParams message) {
    return switch (message.getIndexParamsCase()) {
      case KEYWORD_INDEX_PARAMS -> {
        var own = message.getKeywordIndexParams();
        yield common(
                own.hasOnDisk(),
                own.getOnDisk(),
                own.hasMemory(),
                own.getMemory(),
                own.hasEnableHnsw(),
                own.getEnableHnsw())
            .index(
                Type.KEYWORD,
                given(own.hasIsTenant(), own.getIsTenant()),
                null,
                null,
                null,
                own.hasPrefix() ? (Boolean) true : null,
                null);
      }
      case INTEGER_INDEX_PARAMS -> integer(message.getIntegerIndexParams());
      case FLOAT_INDEX_PARAMS -> {
        var own = message.getFloatIndexParams();
        yield common(
                own.hasOnDisk(),
                own.getOnDisk(),
                own.hasMemory(),
                own.getMemory(),
                own.hasEnableHnsw(),
                own.getEnableHnsw())
            .index(
                Type.FLOAT,
                null,
                given(own.hasIsPrincipal(), own.getIsPrincipal()),
                null,
                null,
                null,
                null);
      }
      case DATETIME_INDEX_PARAMS -> {
        var own = message.getDatetimeIndexParams();
        yield common(
                own.hasOnDisk(),
                own.getOnDisk(),
                own.hasMemory(),
                own.getMemory(),
                own.hasEnableHnsw(),
                own.getEnableHnsw())
            .index(
                Type.DATETIME,
                null,
                given(own.hasIsPrincipal(), own.getIsPrincipal()),
                null,
                null,
                null,
                null);
      }
      case UUID_INDEX_PARAMS -> {
        var own = message.getUuidIndexParams();
        yield common(
                own.hasOnDisk(),
                own.getOnDisk(),
                own.hasMemory(),
                own.getMemory(),
                own.hasEnableHnsw(),
                own.getEnableHnsw())
            .index(
                Type.UUID,
                given(own.hasIsTenant(), own.getIsTenant()),
                null,
                null,
                null,
                null,
                null);
      }
      case GEO_INDEX_PARAMS, BOOL_INDEX_PARAMS, TEXT_INDEX_PARAMS -> plain(message);
      case INDEXPARAMS_NOT_SET -> throw Rules.unset("field_index_params");
    };
  }

  @SuppressWarnings("deprecation") // on_disk is deprecated and still in use.
  private static FieldIndex plain(PayloadIndexParams message) {
    if (message.hasGeoIndexParams()) {
      var own = message.getGeoIndexParams();
      return common(
              own.hasOnDisk(),
              own.getOnDisk(),
              own.hasMemory(),
              own.getMemory(),
              own.hasEnableHnsw(),
              own.getEnableHnsw())
          .index(Type.GEO);
    }
    if (message.hasBoolIndexParams()) {
      var own = message.getBoolIndexParams();
      return common(
              own.hasOnDisk(),
              own.getOnDisk(),
              own.hasMemory(),
              own.getMemory(),
              own.hasEnableHnsw(),
              own.getEnableHnsw())
          .index(Type.BOOL);
    }
    var own = message.getTextIndexParams();
    return common(
            own.hasOnDisk(),
            own.getOnDisk(),
            own.hasMemory(),
            own.getMemory(),
            own.hasEnableHnsw(),
            own.getEnableHnsw())
        .index(Type.TEXT, null, null, null, null, null, QdrantTexts.settings(own));
  }

  @SuppressWarnings("deprecation") // on_disk is deprecated and still in use.
  private static FieldIndex integer(IntegerIndexParams own) {
    if (own.hasLookup() && !own.getLookup() && own.hasRange() && !own.getRange()) {
      RuleBook.note(
          "field_index_params: the 'lookup' and 'range' capabilities can't be both disabled");
    }
    return common(
            own.hasOnDisk(),
            own.getOnDisk(),
            own.hasMemory(),
            own.getMemory(),
            own.hasEnableHnsw(),
            own.getEnableHnsw())
        .index(
            Type.INTEGER,
            null,
            given(own.hasIsPrincipal(), own.getIsPrincipal()),
            given(own.hasLookup(), own.getLookup()),
            given(own.hasRange(), own.getRange()),
            null,
            null);
  }
}
