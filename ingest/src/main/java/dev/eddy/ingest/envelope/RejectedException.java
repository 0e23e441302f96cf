package dev.eddy.ingest.envelope;

import java.io.Serial;

/** A record that can't be accepted; the reason names the field, the limit and the value. */
public final class RejectedException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final RejectionCode code;

  public RejectedException(RejectionCode code, String reason) {
    // A poison stream may bring thousands a second: no stack.
    super(reason, null, false, false);
    this.code = code;
  }

  public RejectionCode code() {
    return code;
  }

  public String reason() {
    return String.valueOf(getMessage());
  }
}
