package dev.eddy.model.update;

/** Which points an upsert may write. */
public enum UpdateMode {
  /** All. */
  UPSERT("upsert"),
  /** Those that are not there. */
  INSERT_ONLY("insert_only"),
  /** Those that are there. */
  UPDATE_ONLY("update_only");

  private final String apiName;

  UpdateMode(String apiName) {
    this.apiName = apiName;
  }

  /** The name that clients use. */
  public String apiName() {
    return apiName;
  }
}
