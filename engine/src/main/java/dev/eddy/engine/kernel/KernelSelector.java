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
  private static final CodeKernels SELECTED_CODES = selectCodes();
  private static final RowCodeKernels SELECTED_ROW_CODES = selectRowCodes();
  private static final ScanKernels SELECTED_SCANS = selectScans();

  private KernelSelector() {}

  /** The kernels of this process; always the same object. */
  public static Kernels kernels() {
    return SELECTED;
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
          "event=kernels-selected kernels=scalar reason=\"{}\" hint=\"start java with --add-modules jdk.incubator.vector\"",
          failure.toString());
      return new ScalarKernels();
    }
  }
}
