package dev.eddy.engine.shard;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.quantization.CodeWidth;
import dev.eddy.engine.segment.CodeSettings;
import dev.eddy.engine.segment.FusedPolicy;
import dev.eddy.engine.segment.VectorFieldSettings;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.HnswDiff;
import dev.eddy.model.collection.MultiVectorComparator;
import dev.eddy.model.collection.Quantization;
import dev.eddy.model.collection.Quantization.Bits;
import dev.eddy.model.collection.Quantization.Compression;
import dev.eddy.model.collection.Quantization.Encoding;
import dev.eddy.model.collection.VectorParams;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What settings of the API become on a node. */
final class FieldCodesTest {
  private static CollectionSpec spec(VectorParams params, @Nullable Quantization ofCollection) {
    return CollectionSpec.of(Map.of("v", params)).withQuantization(ofCollection);
  }

  private static VectorParams own(@Nullable Quantization quantization) {
    return new VectorParams(768, Distance.DOT, null, null, null, null, null, quantization);
  }

  private static CodeWidth width(Quantization quantization) {
    return requireNonNull(FieldCodes.of("v", spec(own(null), quantization)), "codes").width();
  }

  @Test
  void eachSettingHasItsWidth() {
    assertThat(width(new Quantization.Scalar(0.99f, null, null))).isEqualTo(CodeWidth.FOUR);
    assertThat(width(product(Compression.X4))).isEqualTo(CodeWidth.EIGHT);
    assertThat(width(product(Compression.X8))).isEqualTo(CodeWidth.FOUR);
    assertThat(width(product(Compression.X16))).isEqualTo(CodeWidth.TWO);
    assertThat(width(product(Compression.X32))).isEqualTo(CodeWidth.ONE);
    assertThat(width(product(Compression.X64))).isEqualTo(CodeWidth.ONE);
    assertThat(width(binary(null))).isEqualTo(CodeWidth.ONE);
    assertThat(width(binary(Encoding.ONE_BIT))).isEqualTo(CodeWidth.ONE);
    assertThat(width(binary(Encoding.ONE_AND_HALF_BITS))).isEqualTo(CodeWidth.TWO);
    assertThat(width(binary(Encoding.TWO_BITS))).isEqualTo(CodeWidth.TWO);
    assertThat(width(turbo(null))).isEqualTo(CodeWidth.FOUR);
    assertThat(width(turbo(Bits.ONE))).isEqualTo(CodeWidth.ONE);
    assertThat(width(turbo(Bits.ONE_AND_HALF))).isEqualTo(CodeWidth.TWO);
    assertThat(width(turbo(Bits.TWO))).isEqualTo(CodeWidth.TWO);
    assertThat(width(turbo(Bits.FOUR))).isEqualTo(CodeWidth.FOUR);
  }

  private static Quantization product(Compression compression) {
    return new Quantization.Product(compression, null, null);
  }

  private static Quantization binary(@Nullable Encoding encoding) {
    return new Quantization.Binary(encoding, null, null, null);
  }

  private static Quantization turbo(@Nullable Bits bits) {
    return new Quantization.Turbo(bits, null, null);
  }

  @Test
  void aVectorsOwnSettingComesFirst() {
    assertThat(FieldCodes.of("v", spec(own(null), null))).isNull();
    Quantization pinned = new Quantization.Scalar(null, null, "pinned");
    Quantization inMemory = new Quantization.Turbo(Bits.TWO, true, null);
    Quantization inFiles = new Quantization.Turbo(Bits.TWO, true, "cold");
    assertThat(FieldCodes.of("v", spec(own(null), pinned)))
        .isEqualTo(new CodeSettings(CodeWidth.FOUR, true));
    assertThat(FieldCodes.of("v", spec(own(inMemory), pinned)))
        .isEqualTo(new CodeSettings(CodeWidth.TWO, true));
    assertThat(FieldCodes.of("v", spec(own(inFiles), pinned)))
        .isEqualTo(new CodeSettings(CodeWidth.TWO, false));
    assertThat(FieldCodes.of("v", spec(own(turbo(Bits.ONE)), pinned)))
        .isEqualTo(new CodeSettings(CodeWidth.ONE, false));
  }

  @Test
  void vectorsToBeReadFromFilesAreSealedEarly() {
    assertThat(sealRows(new VectorParams(768, Distance.DOT, null, null, null, null)))
        .isEqualTo(ShardSettings.DEFAULT.sealRows());
    assertThat(sealRows(new VectorParams(768, Distance.DOT, null, true, null, null)))
        .isEqualTo((64 << 20) / (4 * 768));
    assertThat(sealRows(new VectorParams(768, Distance.DOT, null, null, "cold", null)))
        .isEqualTo((64 << 20) / (4 * 768));
    assertThat(sealRows(new VectorParams(768, Distance.DOT, null, false, "cold", null)))
        .isEqualTo((64 << 20) / (4 * 768));
    assertThat(sealRows(new VectorParams(768, Distance.DOT, null, true, "cached", null)))
        .isEqualTo(ShardSettings.DEFAULT.sealRows());
    assertThat(sealRows(new VectorParams(1, Distance.DOT, null, true, null, null)))
        .isEqualTo(ShardSettings.DEFAULT.sealRows());
  }

  @Test
  void codedVectorsAreReadFromFilesUnlessTheyAreToBeInMemory() {
    Quantization quantization = new Quantization.Scalar(null, null, null);
    assertThat(settings(own(quantization)).sealRows()).isEqualTo((64 << 20) / (4 * 768));
    VectorParams inMemory =
        new VectorParams(768, Distance.DOT, null, false, null, null, null, quantization);
    assertThat(settings(inMemory).sealRows()).isEqualTo(ShardSettings.DEFAULT.sealRows());
    VectorParams uncoded =
        new VectorParams(768, Distance.MANHATTAN, null, null, null, null, null, quantization);
    assertThat(settings(uncoded).sealRows()).isEqualTo(ShardSettings.DEFAULT.sealRows());
  }

  @Test
  void theSpeedFormIsThereUnlessMemoryIsSavedOrItIsAskedFor() {
    Quantization quantization = new Quantization.Scalar(null, null, null);
    FusedPolicy node = FusedPolicy.within(1L << 30);
    assertThat(fused(null, null, null, node)).isEqualTo(node);
    assertThat(fused(null, true, null, node).budget().limitBytes()).isZero();
    assertThat(fused(null, null, quantization, node).budget().limitBytes()).isZero();
    assertThat(fused(null, false, quantization, node)).isEqualTo(node);
    assertThat(fused(true, true, quantization, node)).isEqualTo(node.wide());
    assertThat(fused(false, null, null, node).budget().limitBytes()).isZero();
  }

  /** Walking many rows by codes of their own takes longer than by whole ones. */
  @Test
  void rowsOfMultivectorsKeepTheSpeedFormBesideAQuantization() {
    FusedPolicy node = FusedPolicy.within(1L << 30);
    assertThat(fusedRows(null, null, node)).isEqualTo(node);
    assertThat(fusedRows(null, false, node)).isEqualTo(node);
    assertThat(fusedRows(null, true, node).budget().limitBytes()).isZero();
    assertThat(fusedRows(false, null, node).budget().limitBytes()).isZero();
  }

  private static FusedPolicy fusedRows(
      @Nullable Boolean inlineStorage, @Nullable Boolean onDisk, FusedPolicy node) {
    HnswDiff hnsw = new HnswDiff(null, null, null, null, null, null, null, inlineStorage);
    VectorParams params =
        new VectorParams(
            100,
            Distance.DOT,
            hnsw,
            onDisk,
            null,
            null,
            MultiVectorComparator.MAX_SIM,
            new Quantization.Scalar(null, null, null));
    return FieldCodes.fused("v", spec(params, null), node);
  }

  private static FusedPolicy fused(
      @Nullable Boolean inlineStorage,
      @Nullable Boolean onDisk,
      @Nullable Quantization quantization,
      FusedPolicy node) {
    HnswDiff hnsw = new HnswDiff(null, null, null, null, null, null, null, inlineStorage);
    VectorParams params =
        new VectorParams(768, Distance.DOT, hnsw, onDisk, null, null, null, quantization);
    return FieldCodes.fused("v", spec(params, null), node);
  }

  @Test
  void segmentsThatAreSealedEarlyAreStillMergedIntoLargeOnes() {
    VectorFieldSettings onDisk =
        settings(new VectorParams(768, Distance.DOT, null, true, null, null));
    assertThat(onDisk.mergeRows()).isEqualTo((int) ((2L << 30) / (4 * 768)));
    VectorFieldSettings inMemory =
        settings(new VectorParams(768, Distance.DOT, null, null, null, null));
    assertThat(inMemory.mergeRows()).isEqualTo(8 * ShardSettings.DEFAULT.sealRows());
  }

  @Test
  void aGraphThatIsWantedForFiltersOnlyServesAllSearches() {
    assertThat(links(0, null)).isZero();
    assertThat(links(0, 0)).isZero();
    assertThat(links(0, 12)).isEqualTo(12);
    assertThat(links(0, 1 << 20)).isEqualTo(GraphParams.M_MAX);
    assertThat(links(8, 12)).isEqualTo(8);
    assertThat(links(8, 0)).isEqualTo(8);
    assertThat(links(null, 12)).isEqualTo(16);
  }

  private static int links(@Nullable Integer m, @Nullable Integer payloadM) {
    HnswDiff hnsw = new HnswDiff(m, null, null, null, null, null, payloadM, null);
    return settings(new VectorParams(768, Distance.DOT, hnsw, null, null, null)).graph().m();
  }

  private static int sealRows(VectorParams params) {
    return settings(params).sealRows();
  }

  private static VectorFieldSettings settings(VectorParams params) {
    return DenseField.settings("v", spec(params, null), ShardSettings.DEFAULT, "stem");
  }
}
