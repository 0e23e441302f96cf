package dev.eddy.model.collection;

/** How two multivectors are compared, as the API names it. */
public enum MultiVectorComparator {
  /** For each row of the query the best similarity to any stored row, summed. */
  MAX_SIM("max_sim");

  private final String apiName;

  MultiVectorComparator(String apiName) {
    this.apiName = apiName;
  }

  public String apiName() {
    return apiName;
  }
}
