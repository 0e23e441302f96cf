package dev.eddy.engine.kernel;

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
  private static final CodeKernels SELECTED_CODES = selectCodes();
  private static final RowCodeKernels SELECTED_ROW_CODES = selectRowCodes();
  private static final ScanKernels SELECTED_SCANS = selectScans();
  private static final MaxSimKernels SELECTED_MAX_SIM = selectMaxSim();

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

  /** The scan kernels of this process; always the same object. */
  public static ScanKernels scanKernels() {
    return SELECTED_SCANS;
  }

  /** The kernels of this process for multivectors; always the same object. */
  public static MaxSimKernels maxSimKernels() {
    return SELECTED_MAX_SIM;
  }

  /** SIMD wherever rows of floats have it: one row is to have one score, whatever it is kept as. */
  private static NarrowKernels selectNarrow(ElementType type) {
    if (SELECTED instanceof ScalarKernels) {
      return new ScalarNarrowKernels(type);
    }
    return type == ElementType.FLOAT16 ? new PanamaFloat16Kernels() : new PanamaUint8Kernels();
  }

  private static MaxSimKernels selectMaxSim() {
    try {
      return new PanamaMaxSimKernels();
    } catch (LinkageError | UnsupportedOperationException failure) {
      log.debug("event=max-sim-kernels-selected kernels=scalar", failure);
      return new ScalarMaxSimKernels();
    }
  }

  private static ScanKernels selectScans() {
    try {
      return new PanamaScanKernels();
    } catch (LinkageError | UnsupportedOperationException failure) {
      log.debug("event=scan-kernels-selected kernels=scalar", failure);
      return new ScalarScanKernels();
    }
  }

  private static RowCodeKernels selectRowCodes() {
    try {
      return new PanamaRowCodeKernels();
    } catch (LinkageError | UnsupportedOperationException failure) {
      log.debug("event=row-code-kernels-selected kernels=scalar", failure);
      return new ScalarRowCodeKernels();
    }
  }

  private static CodeKernels selectCodes() {
    try {
      return new PanamaCodeKernels();
    } catch (LinkageError | UnsupportedOperationException failure) {
      // Said once for all kernels, below.
      log.debug("event=code-kernels-selected kernels=scalar", failure);
      return new ScalarCodeKernels();
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
