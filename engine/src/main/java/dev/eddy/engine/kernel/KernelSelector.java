package dev.eddy.engine.kernel;

import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the kernels of this process once: SIMD where the Vector API module is present, else the
 * scalar twin with one warning.
 */
public final class KernelSelector {
  private static final Logger log = LoggerFactory.getLogger(KernelSelector.class);
  private static final Kernels SELECTED = select();
  private static final NarrowKernels SELECTED_FLOAT16 = selectNarrow(ElementType.FLOAT16);
  private static final NarrowKernels SELECTED_UINT8 = selectNarrow(ElementType.UINT8);
  private static final CodeKernels SELECTED_CODES =
      simdOr(() -> new PanamaCodeKernels(), ScalarCodeKernels::new);
  private static final RowCodeKernels SELECTED_ROW_CODES =
      simdOr(() -> new PanamaRowCodeKernels(), ScalarRowCodeKernels::new);
  private static final SketchKernels SELECTED_SKETCHES =
      simdOr(() -> new PanamaSketchKernels(), ScalarSketchKernels::new);
  private static final ScanKernels SELECTED_SCANS =
      simdOr(() -> new PanamaScanKernels(), ScalarScanKernels::new);
  private static final MaxSimKernels SELECTED_MAX_SIM =
      simdOr(() -> new PanamaMaxSimKernels(), ScalarMaxSimKernels::new);
  private static final MaxSimKernels SELECTED_SHORT_MAX_SIM =
      simdOr(() -> new PanamaShortMaxSimKernels(), () -> SELECTED_MAX_SIM);

  private KernelSelector() {}

  /** The kernels of this process; always the same object. */
  public static Kernels kernels() {
    return SELECTED;
  }

  /**
   * The kernels of this process for rows of this type; always the same object.
   *
   * @throws IllegalArgumentException for rows of floats, which are for {@link #kernels}
   */
  public static NarrowKernels narrowKernels(ElementType type) {
    return switch (type) {
      case FLOAT32 -> throw new IllegalArgumentException("rows of floats are not narrow");
      case FLOAT16 -> SELECTED_FLOAT16;
      case UINT8 -> SELECTED_UINT8;
    };
  }

  /** The code kernels of this process; always the same object. */
  public static CodeKernels codeKernels() {
    return SELECTED_CODES;
  }

  /** The kernels for codes of single rows of this process; always the same object. */
  public static RowCodeKernels rowCodeKernels() {
    return SELECTED_ROW_CODES;
  }

  /** The kernels for sketches of rows of this process; always the same object. */
  public static SketchKernels sketchKernels() {
    return SELECTED_SKETCHES;
  }

  /** The scan kernels of this process; always the same object. */
  public static ScanKernels scanKernels() {
    return SELECTED_SCANS;
  }

  /** The kernels of this process for multivectors; for such queries always the same object. */
  public static MaxSimKernels maxSimKernels(Metric metric, int queryRows, int dimension) {
    return MaxSimKernels.isShort(metric, queryRows, dimension)
        ? SELECTED_SHORT_MAX_SIM
        : SELECTED_MAX_SIM;
  }

  /** SIMD wherever rows of floats have it: one row is to have one score, whatever it is kept as. */
  private static NarrowKernels selectNarrow(ElementType type) {
    if (SELECTED instanceof ScalarKernels) {
      return new ScalarNarrowKernels(type);
    }
    return type == ElementType.FLOAT16 ? new PanamaFloat16Kernels() : new PanamaUint8Kernels();
  }

  /**
   * What depends on the Vector API, or its twin; told once for all kernels, below.
   *
   * @param simd a lambda, not a constructor's reference, which would load the class outside of here
   */
  private static <K> K simdOr(Supplier<? extends K> simd, Supplier<? extends K> scalar) {
    try {
      return simd.get();
    } catch (LinkageError | UnsupportedOperationException failure) {
      K twin = scalar.get();
      log.debug("event=kernels-selected kernels={}", twin.getClass().getSimpleName(), failure);
      return twin;
    }
  }

  private static Kernels select() {
    try {
      Kernels simd = new PanamaKernels();
      log.debug("event=kernels-selected kernels={}", simd.describe());
      return simd;
    } catch (LinkageError | UnsupportedOperationException failure) {
      log.warn(
          "event=kernels-selected kernels=scalar reason=\"{}\" hint=\"start java with --add-modules"
              + " jdk.incubator.vector\"",
          failure.toString());
      return new ScalarKernels();
    }
  }
}
