package dev.eddy.engine.shard;

import dev.eddy.engine.quantization.CodeWidth;
import dev.eddy.engine.quantization.RowQuantizer;
import dev.eddy.engine.segment.CodeSettings;
import dev.eddy.engine.segment.FusedPolicy;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Datatype;
import dev.eddy.model.collection.Quantization;
import dev.eddy.model.collection.VectorParams;
import org.jspecify.annotations.Nullable;

/**
 * Which codes a quantization of the API asks for. What the codes are is Eddy's choice;
 * docs/adr/0032 has the measurements.
 */
final class FieldCodes {
  private static final String PINNED = "pinned";

  private FieldCodes() {}

  /** The codes of a dense vector's rows; null = none. */
  static @Nullable CodeSettings of(String name, CollectionSpec spec) {
    Quantization asked = spec.quantizationOf(name);
    if (asked == null) {
      return isTurbo(spec.vectors().get(name)) ? new CodeSettings(CodeWidth.FOUR, true) : null;
    }
    boolean inMemory =
        asked.memory() == null
            ? Boolean.TRUE.equals(asked.alwaysRam())
            : asked.memory().equals(PINNED);
    return new CodeSettings(width(asked), inMemory);
  }

  /**
   * Whether a dense vector's rows are to be read from files: who asks for that, or for codes in
   * their place, wants little memory, unless it is said that rows are in memory.
   */
  static boolean isMemorySaved(String name, CollectionSpec spec) {
    VectorParams params = spec.vectors().get(name);
    if (params == null) {
      return false;
    }
    boolean isCoded =
        (spec.quantizationOf(name) != null || isTurbo(params))
            && RowQuantizer.isFor(NamedField.metric(params.distance()), params.size());
    return params.isOnDisk() || (isCoded && params.onDisk() == null);
  }

  /** Of four bits a number there is no more to know than codes of as many have. */
  private static boolean isTurbo(@Nullable VectorParams params) {
    return params != null && params.type() == Datatype.TURBO4;
  }

  /**
   * When segments get the speed form of their graph: as the node has it, unless it is refused or
   * memory is to be saved.
   *
   * <p>Rows of multivectors get it beside a quantization, too, unless they are on disk: without it
   * searches of many rows by their codes take longer than with no quantization at all. Where there
   * is no room for it there are codes.
   */
  static FusedPolicy fused(String name, CollectionSpec spec, FusedPolicy node) {
    Boolean isInline = spec.hnswOf(name).inlineStorage();
    if (isInline == null) {
      VectorParams params = spec.vectors().get(name);
      boolean isSaved =
          params != null && params.multivector() != null
              ? params.isOnDisk()
              : isMemorySaved(name, spec);
      return isSaved ? FusedPolicy.none() : node;
    }
    return isInline ? node.wide() : FusedPolicy.none();
  }

  private static CodeWidth width(Quantization asked) {
    return switch (asked) {
      case Quantization.Scalar ignored -> CodeWidth.FOUR;
      case Quantization.Product product ->
          switch (product.compression()) {
            case X4 -> CodeWidth.EIGHT;
            case X8 -> CodeWidth.FOUR;
            case X16 -> CodeWidth.TWO;
            case X32, X64 -> CodeWidth.ONE;
          };
      case Quantization.Binary binary ->
          switch (binary.encoding()) {
            case null -> CodeWidth.ONE;
            case ONE_BIT -> CodeWidth.ONE;
            case ONE_AND_HALF_BITS, TWO_BITS -> CodeWidth.TWO;
          };
      case Quantization.Turbo turbo ->
          switch (turbo.bits()) {
            case null -> CodeWidth.FOUR;
            case FOUR -> CodeWidth.FOUR;
            case ONE_AND_HALF, TWO -> CodeWidth.TWO;
            case ONE -> CodeWidth.ONE;
          };
    };
  }
}
