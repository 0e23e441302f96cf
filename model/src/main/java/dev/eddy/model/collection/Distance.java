package dev.eddy.model.collection;

/** How near two vectors are, as the API names it. */
public enum Distance {
  COSINE("Cosine", true),
  EUCLID("Euclid", false),
  DOT("Dot", true),
  MANHATTAN("Manhattan", false);

  private final String apiName;
  private final boolean descending;

  Distance(String apiName, boolean descending) {
    this.apiName = apiName;
    this.descending = descending;
  }

  public String apiName() {
    return apiName;
  }

  /** Whether the API's score is better when larger. */
  public boolean isDescending() {
    return descending;
  }
}
