package dev.eddy.ingest.envelope;

/**
 * Why an inbox record was refused: the value of a dead letter's {@code eddy-error-code} header.
 * Stable.
 */
public enum RejectionCode {
  NOT_UTF8,
  NOT_JSON,
  INVALID_ENVELOPE,
  UNKNOWN_FIELD,
  INVALID_HEADER,
  MISSING_COLLECTION,
  UNKNOWN_COLLECTION,
  MISSING_ID,
  INVALID_ID,
  ID_MISMATCH,
  MISSING_VECTOR,
  UNKNOWN_VECTOR_NAME,
  INVALID_VECTOR,
  WRONG_DIMENSION,
  NOT_FINITE,
  INVALID_PAYLOAD,
  TOO_LARGE,
  /** Accepted here, refused by the shard when it was applied. */
  REFUSED_AT_APPLY
}
