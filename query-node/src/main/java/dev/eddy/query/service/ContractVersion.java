package dev.eddy.query.service;

/** Who clients are told they talk to. */
public final class ContractVersion {
  public static final String TITLE = "qdrant - vector search engine";

  /** The version of the contract, which clients compare with their own. */
  public static final String VERSION = "1.19.0";

  /** Forty hexadecimal digits; of our own, since there is no such commit elsewhere. */
  public static final String COMMIT = "edd70000000000000000000000000000000119a0";

  private ContractVersion() {}
}
