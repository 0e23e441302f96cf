package dev.eddy.proto.qdrant.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.cluster.CollectionAdmin.AliasAction;
import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Quantization;
import dev.eddy.model.collection.QuantizationDiff;
import dev.eddy.model.collection.StrictMode;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.proto.qdrant.AliasOperations;
import dev.eddy.proto.qdrant.BinaryQuantization;
import dev.eddy.proto.qdrant.BinaryQuantizationEncoding;
import dev.eddy.proto.qdrant.BinaryQuantizationQueryEncoding;
import dev.eddy.proto.qdrant.BinaryQuantizationQueryEncoding.Setting;
import dev.eddy.proto.qdrant.ChangeAliases;
import dev.eddy.proto.qdrant.CollectionConfig;
import dev.eddy.proto.qdrant.CollectionParamsDiff;
import dev.eddy.proto.qdrant.CompressionRatio;
import dev.eddy.proto.qdrant.CreateAlias;
import dev.eddy.proto.qdrant.CreateCollection;
import dev.eddy.proto.qdrant.Datatype;
import dev.eddy.proto.qdrant.DeleteAlias;
import dev.eddy.proto.qdrant.Disabled;
import dev.eddy.proto.qdrant.Distance;
import dev.eddy.proto.qdrant.HnswConfigDiff;
import dev.eddy.proto.qdrant.MaxOptimizationThreads;
import dev.eddy.proto.qdrant.Memory;
import dev.eddy.proto.qdrant.Modifier;
import dev.eddy.proto.qdrant.MultiVectorConfig;
import dev.eddy.proto.qdrant.OptimizersConfigDiff;
import dev.eddy.proto.qdrant.ProductQuantization;
import dev.eddy.proto.qdrant.QuantizationConfig;
import dev.eddy.proto.qdrant.QuantizationConfigDiff;
import dev.eddy.proto.qdrant.QuantizationType;
import dev.eddy.proto.qdrant.RenameAlias;
import dev.eddy.proto.qdrant.ScalarQuantization;
import dev.eddy.proto.qdrant.ShardingMethod;
import dev.eddy.proto.qdrant.SparseIndexConfig;
import dev.eddy.proto.qdrant.SparseVectorConfig;
import dev.eddy.proto.qdrant.SparseVectorParams;
import dev.eddy.proto.qdrant.StrictModeConfig;
import dev.eddy.proto.qdrant.StrictModeMultivector;
import dev.eddy.proto.qdrant.StrictModeMultivectorConfig;
import dev.eddy.proto.qdrant.TurboQuantBitSize;
import dev.eddy.proto.qdrant.TurboQuantization;
import dev.eddy.proto.qdrant.UpdateCollection;
import dev.eddy.proto.qdrant.Value;
import dev.eddy.proto.qdrant.VectorParams;
import dev.eddy.proto.qdrant.VectorParamsDiff;
import dev.eddy.proto.qdrant.VectorParamsMap;
import dev.eddy.proto.qdrant.VectorsConfig;
import dev.eddy.proto.qdrant.VectorsConfigDiff;
import dev.eddy.proto.qdrant.WalConfigDiff;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation") // Deprecated fields are part of the contract.
final class QdrantCollectionsTest {
  private static final ScalarQuantization INT_8 =
      ScalarQuantization.newBuilder().setType(QuantizationType.Int8).build();
  private static final VectorParams SMALL =
      VectorParams.newBuilder().setSize(4).setDistance(Distance.Dot).build();

  @Test
  void aCollectionThatSaysNothingTakesTheDefaults() {
    assertThat(QdrantCollections.spec(CreateCollection.getDefaultInstance()))
        .isEqualTo(CollectionSpec.of(Map.of()));
  }

  @Test
  void everythingThatIsSaidIsShownBack() {
    CreateCollection create = everything();
    CollectionConfig config = QdrantAnswers.config(QdrantCollections.spec(create));
    assertThat(config.getParams().getVectorsConfig()).isEqualTo(create.getVectorsConfig());
    assertThat(config.getParams().getShardNumber()).isEqualTo(3);
    assertThat(config.getParams().getReplicationFactor()).isEqualTo(2);
    assertThat(config.getParams().getWriteConsistencyFactor()).isEqualTo(2);
    assertThat(config.getParams().getOnDiskPayload()).isFalse();
    assertThat(config.getParams().getPayload().getMemory()).isEqualTo(Memory.Cold);
    assertThat(config.getHnswConfig()).isEqualTo(create.getHnswConfig());
    assertThat(config.getWalConfig()).isEqualTo(create.getWalConfig());
    assertThat(config.getMetadataMap()).isEqualTo(create.getMetadataMap());
    assertThat(config.getOptimizerConfig())
        .isEqualTo(
            create.getOptimizersConfig().toBuilder()
                .setDeprecatedMaxOptimizationThreads(2)
                .build());
  }

  @Test
  void whatIsShownCanBeAskedForAgain() {
    CollectionSpec spec = QdrantCollections.spec(everything());
    CollectionConfig config = QdrantAnswers.config(spec);
    CreateCollection again =
        CreateCollection.newBuilder()
            .setVectorsConfig(config.getParams().getVectorsConfig())
            .setShardNumber(config.getParams().getShardNumber())
            .setReplicationFactor(config.getParams().getReplicationFactor())
            .setWriteConsistencyFactor(config.getParams().getWriteConsistencyFactor())
            .setOnDiskPayload(config.getParams().getOnDiskPayload())
            .setPayload(config.getParams().getPayload())
            .setHnswConfig(config.getHnswConfig())
            .setOptimizersConfig(config.getOptimizerConfig())
            .setWalConfig(config.getWalConfig())
            .setStrictModeConfig(config.getStrictModeConfig())
            .putAllMetadata(config.getMetadataMap())
            .build();
    assertThat(QdrantCollections.spec(again)).isEqualTo(spec);
  }

  private static CreateCollection everything() {
    HnswConfigDiff hnsw =
        HnswConfigDiff.newBuilder()
            .setM(0)
            .setEfConstruct(4)
            .setFullScanThreshold(10)
            .setMaxIndexingThreads(1)
            .setOnDisk(true)
            .setPayloadM(8)
            .setInlineStorage(true)
            .setMemory(Memory.Pinned)
            .build();
    VectorParams large =
        VectorParams.newBuilder()
            .setSize(65_536)
            .setDistance(Distance.Cosine)
            .setHnswConfig(HnswConfigDiff.newBuilder().setM(32))
            .setOnDisk(false)
            .setDatatype(Datatype.Float32)
            .setMemory(Memory.Cached)
            .build();
    CreateCollection.Builder builder =
        CreateCollection.newBuilder()
            .setVectorsConfig(
                VectorsConfig.newBuilder()
                    .setParamsMap(
                        VectorParamsMap.newBuilder().putMap("a", SMALL).putMap("b", large)))
            .setShardNumber(3)
            .setReplicationFactor(2)
            .setWriteConsistencyFactor(2)
            .setOnDiskPayload(false)
            .setHnswConfig(hnsw)
            .setWalConfig(
                WalConfigDiff.newBuilder()
                    .setWalCapacityMb(1)
                    .setWalSegmentsAhead(2)
                    .setWalRetainClosed(3))
            .setOptimizersConfig(
                OptimizersConfigDiff.newBuilder()
                    .setDeletedThreshold(0.5)
                    .setVacuumMinVectorNumber(100)
                    .setDefaultSegmentNumber(1)
                    .setMaxSegmentSize(1)
                    .setMemmapThreshold(0)
                    .setIndexingThreshold(0)
                    .setFlushIntervalSec(1)
                    .setMaxOptimizationThreads(MaxOptimizationThreads.newBuilder().setValue(2))
                    .setPreventUnoptimized(true))
            .setShardingMethod(ShardingMethod.Auto)
            .setStrictModeConfig(
                StrictModeConfig.newBuilder()
                    .setEnabled(true)
                    .setMaxQueryLimit(1)
                    .setSearchMaxOversampling(1.5f)
                    .setMaxPointsCount(2)
                    .setMultivectorConfig(
                        StrictModeMultivectorConfig.newBuilder()
                            .putMultivectorConfig(
                                "v", StrictModeMultivector.newBuilder().setMaxVectors(3).build())))
            .putMetadata("owner", Value.newBuilder().setStringValue("me").build());
    builder.getPayloadBuilder().setMemory(Memory.Cold);
    return builder.build();
  }

  @Test
  void everyFormOfVectorIsShownBackAsItWasAsked() {
    CreateCollection message =
        CreateCollection.newBuilder()
            .setVectorsConfig(
                params(SMALL.toBuilder().setMultivectorConfig(MultiVectorConfig.newBuilder())))
            .setSparseVectorsConfig(
                SparseVectorConfig.newBuilder()
                    .putMap("bare", SparseVectorParams.getDefaultInstance())
                    .putMap(
                        "terms",
                        SparseVectorParams.newBuilder()
                            .setModifier(Modifier.Idf)
                            .setIndex(
                                SparseIndexConfig.newBuilder()
                                    .setFullScanThreshold(7)
                                    .setMemory(Memory.Pinned)
                                    .setDatatype(Datatype.Uint8))
                            .build()))
            .build();
    var shown = QdrantAnswers.config(QdrantCollections.spec(message)).getParams();
    assertThat(shown.getSparseVectorsConfig()).isEqualTo(message.getSparseVectorsConfig());
    assertThat(shown.getVectorsConfig()).isEqualTo(message.getVectorsConfig());
  }

  private static List<QuantizationConfig> quantizations() {
    QuantizationConfig.Builder bare = QuantizationConfig.newBuilder();
    List<QuantizationConfig> all = new ArrayList<>();
    all.add(bare.setScalar(INT_8).build());
    all.add(
        bare.setScalar(
                INT_8.toBuilder().setQuantile(0.99f).setAlwaysRam(true).setMemory(Memory.Pinned))
            .build());
    for (CompressionRatio ratio : values(CompressionRatio.values())) {
      all.add(
          bare.setProduct(ProductQuantization.newBuilder().setCompression(ratio).setAlwaysRam(true))
              .build());
    }
    all.add(bare.setBinary(BinaryQuantization.getDefaultInstance()).build());
    for (BinaryQuantizationEncoding encoding : values(BinaryQuantizationEncoding.values())) {
      all.add(bare.setBinary(BinaryQuantization.newBuilder().setEncoding(encoding)).build());
    }
    for (Setting setting : values(Setting.values())) {
      BinaryQuantization.Builder binary = BinaryQuantization.newBuilder().setMemory(Memory.Cold);
      binary.getQueryEncodingBuilder().setSetting(setting);
      all.add(bare.setBinary(binary).build());
    }
    all.add(bare.setTurboquant(TurboQuantization.getDefaultInstance()).build());
    for (TurboQuantBitSize bits : values(TurboQuantBitSize.values())) {
      all.add(
          bare.setTurboquant(
                  TurboQuantization.newBuilder()
                      .setBits(bits)
                      .setAlwaysRam(false)
                      .setMemory(Memory.Cached))
              .build());
    }
    return all;
  }

  private static <E extends Enum<E>> List<E> values(E[] values) {
    return Arrays.stream(values).filter(value -> !value.name().equals("UNRECOGNIZED")).toList();
  }

  @Test
  void everyQuantizationIsShownBackAsItWasAsked() {
    for (QuantizationConfig quantization : quantizations()) {
      CreateCollection message =
          CreateCollection.newBuilder()
              .setQuantizationConfig(quantization)
              .setVectorsConfig(params(SMALL.toBuilder().setQuantizationConfig(quantization)))
              .build();
      CollectionConfig shown = QdrantAnswers.config(QdrantCollections.spec(message));
      assertThat(shown.getQuantizationConfig()).isEqualTo(quantization);
      assertThat(shown.getParams().getVectorsConfig()).isEqualTo(message.getVectorsConfig());
    }
    CollectionConfig none =
        QdrantAnswers.config(spec(b -> b.setVectorsConfig(params(SMALL.toBuilder()))));
    assertThat(none.hasQuantizationConfig()).isFalse();
    assertThat(none.getParams().getVectorsConfig().getParams().hasQuantizationConfig()).isFalse();
  }

  @Test
  void aQuantizationThatIsNoneIsRefused() {
    for (float quantile : new float[] {0.49f, 1.01f, Float.NaN}) {
      invalid(
          b ->
              b.setQuantizationConfig(
                  QuantizationConfig.newBuilder()
                      .setScalar(INT_8.toBuilder().setQuantile(quantile))),
          "quantization_config.scalar.quantile: value "
              + quantile
              + " invalid, must be from 0.5 to 1.0");
    }
    wrong(QuantizationConfig.newBuilder(), "quantization_config is not set");
    wrong(
        QuantizationConfig.newBuilder().setScalar(ScalarQuantization.getDefaultInstance()),
        "quantization_config.scalar.type is not set");
    wrong(
        QuantizationConfig.newBuilder()
            .setBinary(
                BinaryQuantization.newBuilder()
                    .setQueryEncoding(BinaryQuantizationQueryEncoding.getDefaultInstance())),
        "quantization_config.binary.query_encoding is not set");
    wrong(
        QuantizationConfig.newBuilder()
            .setProduct(ProductQuantization.newBuilder().setCompressionValue(9)),
        "quantization_config.product.compression has a value that is not known");
  }

  private static void wrong(QuantizationConfig.Builder quantization, String text) {
    refused(() -> spec(b -> b.setQuantizationConfig(quantization)), ErrorCode.WRONG_INPUT, text);
  }

  @Test
  void aChangeReplacesOrRemovesQuantization() {
    QuantizationConfigDiff turbo =
        QuantizationConfigDiff.newBuilder().setTurboquant(TurboQuantization.newBuilder()).build();
    QuantizationConfigDiff disabled =
        QuantizationConfigDiff.newBuilder().setDisabled(Disabled.newBuilder()).build();
    QuantizationDiff toTurbo = new QuantizationDiff(new Quantization.Turbo(null, null, null));
    assertThat(quantizationOf(turbo)).isEqualTo(toTurbo);
    assertThat(quantizationOf(disabled)).isEqualTo(QuantizationDiff.DISABLED);
    assertThat(
            quantizationOf(
                QuantizationConfigDiff.newBuilder()
                    .setProduct(ProductQuantization.getDefaultInstance())
                    .build()))
        .isEqualTo(
            new QuantizationDiff(
                new Quantization.Product(Quantization.Compression.X4, null, null)));
    CollectionChange ofVector =
        QdrantCollections.change(
            UpdateCollection.newBuilder()
                .setVectorsConfig(
                    VectorsConfigDiff.newBuilder()
                        .setParams(VectorParamsDiff.newBuilder().setQuantizationConfig(turbo)))
                .build());
    assertThat(ofVector.quantization()).isNull();
    assertThat(ofVector.vectors())
        .isEqualTo(Map.of("", new CollectionChange.VectorDiff(null, null, null, toTurbo)));
    refused(
        () -> quantizationOf(QuantizationConfigDiff.getDefaultInstance()),
        ErrorCode.WRONG_INPUT,
        "quantization_config is not set");
  }

  private static @Nullable QuantizationDiff quantizationOf(QuantizationConfigDiff message) {
    return QdrantCollections.change(
            UpdateCollection.newBuilder().setQuantizationConfig(message).build())
        .quantization();
  }

  @Test
  void aLimitOfOversamplingIsTheNumberThatWasWritten() {
    CollectionSpec spec =
        spec(b ->
            b.setStrictModeConfig(StrictModeConfig.newBuilder().setSearchMaxOversampling(2.3f)));
    assertThat(spec.strictMode())
        .isNotNull()
        .extracting(StrictMode::searchMaxOversampling)
        .isEqualTo(2.3);
  }

  @Test
  void whatIsNotBuiltIsRefusedByName() {
    unbuilt(b -> b.setShardingMethod(ShardingMethod.Custom), "sharding_method");
  }

  @Test
  void fourBitsANumberAreForDenseVectors() {
    CollectionSpec spec =
        spec(b -> b.setVectorsConfig(params(SMALL.toBuilder().setDatatype(Datatype.Turbo4))));
    assertThat(spec.vectors().values())
        .extracting(dev.eddy.model.collection.VectorParams::type)
        .containsExactly(dev.eddy.model.collection.Datatype.TURBO4);
    invalid(
        b ->
            b.setSparseVectorsConfig(
                SparseVectorConfig.newBuilder()
                    .putMap(
                        "s",
                        SparseVectorParams.newBuilder()
                            .setIndex(SparseIndexConfig.newBuilder().setDatatype(Datatype.Turbo4))
                            .build())),
        "sparse_vectors_config.map.s.index.datatype: sparse vectors do not support turbo4");
  }

  @Test
  void rulesAreKept() {
    invalid(b -> b.setShardNumber(0), "shard_number: value 0 invalid, must be 1 or larger");
    invalid(b -> b.setReplicationFactor(0), "replication_factor: value 0 invalid");
    invalid(
        b -> b.setHnswConfig(HnswConfigDiff.newBuilder().setEfConstruct(3)),
        "hnsw_config.ef_construct: value 3 invalid, must be 4 or larger");
    invalid(
        b -> b.setWalConfig(WalConfigDiff.newBuilder().setWalCapacityMb(0)),
        "wal_config.wal_capacity_mb");
    invalid(
        b -> b.setOptimizersConfig(OptimizersConfigDiff.newBuilder().setDeletedThreshold(2)),
        "optimizers_config.deleted_threshold: value 2.0 invalid, must be from 0.0 to 1.0");
    invalid(
        b -> b.setVectorsConfig(params(SMALL.toBuilder().setSize(65_537))),
        "vectors_config.params.size: value 65537 invalid, must be from 1 to 65536");
    invalid(b -> b.setVectorsConfig(params(SMALL.toBuilder().setMemory(Memory.Pinned))), "pinned");
    invalid(
        b ->
            b.setVectorsConfig(
                VectorsConfig.newBuilder()
                    .setParamsMap(VectorParamsMap.newBuilder().putMap("a/b", SMALL))),
        "vector name cannot contain \"/\"");
    refused(
        () ->
            QdrantCollections.spec(
                CreateCollection.newBuilder()
                    .setVectorsConfig(params(SMALL.toBuilder().clearDistance()))
                    .build()),
        ErrorCode.WRONG_INPUT,
        "vectors_config.params.distance is not set");
  }

  @Test
  void aChangeSaysOnlyWhatChanges() {
    assertThat(QdrantCollections.change(UpdateCollection.getDefaultInstance()))
        .isEqualTo(
            new CollectionChange(Map.of(), null, null, null, null, null, null, null, null, null));
    CollectionChange change =
        QdrantCollections.change(
            UpdateCollection.newBuilder()
                .setVectorsConfig(
                    VectorsConfigDiff.newBuilder()
                        .setParams(VectorParamsDiff.newBuilder().setOnDisk(true)))
                .setParams(
                    CollectionParamsDiff.newBuilder()
                        .setReplicationFactor(2)
                        .setReadFanOutFactor(0)
                        .setReadFanOutDelayMs(5))
                .build());
    assertThat(change.vectors())
        .isEqualTo(Map.of("", new CollectionChange.VectorDiff(null, true, null, null)));
    assertThat(change.replicationFactor()).isEqualTo(2);
    assertThat(change.readFanOutFactor()).isEqualTo(0);
    assertThat(change.readFanOutDelayMs()).isEqualTo(5L);
  }

  @Test
  void aliasActionsKeepTheirOrder() {
    ChangeAliases message =
        ChangeAliases.newBuilder()
            .addActions(
                AliasOperations.newBuilder()
                    .setDeleteAlias(DeleteAlias.newBuilder().setAliasName("a")))
            .addActions(
                AliasOperations.newBuilder()
                    .setCreateAlias(
                        CreateAlias.newBuilder().setCollectionName("c").setAliasName("a")))
            .addActions(
                AliasOperations.newBuilder()
                    .setRenameAlias(
                        RenameAlias.newBuilder().setOldAliasName("a").setNewAliasName("b")))
            .build();
    assertThat(QdrantCollections.aliases(message))
        .isEqualTo(
            List.of(
                new AliasAction.Delete("a"),
                new AliasAction.Create("c", "a"),
                new AliasAction.Rename("a", "b")));
    refused(
        () ->
            QdrantCollections.aliases(
                ChangeAliases.newBuilder().addActions(AliasOperations.newBuilder()).build()),
        ErrorCode.WRONG_INPUT,
        "actions[0] is not set");
  }

  private interface Part {
    void of(CreateCollection.Builder builder);
  }

  private static CollectionSpec spec(Part part) {
    CreateCollection.Builder builder = CreateCollection.newBuilder();
    part.of(builder);
    return QdrantCollections.spec(builder.build());
  }

  private static VectorsConfig params(VectorParams.Builder params) {
    return VectorsConfig.newBuilder().setParams(params).build();
  }

  private static void unbuilt(Part part, String text) {
    refused(() -> spec(part), ErrorCode.NOT_IMPLEMENTED, text);
  }

  private static void invalid(Part part, String text) {
    refused(() -> spec(part), ErrorCode.VALIDATION, text);
  }

  private static void refused(Supplier<?> call, ErrorCode code, String text) {
    assertThatThrownBy(call::get)
        .isInstanceOfSatisfying(
            EddyException.class, e -> assertThat(e.code()).as(e.text()).isEqualTo(code))
        .hasMessageContaining(text);
  }
}
