package dev.eddy.query.grpc;

/** Who clients are told they talk to. */
final class ContractVersion {
  static final String TITLE = "qdrant - vector search engine";
  static final String VERSION = "1.19.0";

  /** Forty hexadecimal digits; of our own, since there is no such commit elsewhere. */
  static final String COMMIT = "edd70000000000000000000000000000000119a0";

  private ContractVersion() {}
}
