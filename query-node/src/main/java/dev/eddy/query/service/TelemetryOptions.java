package dev.eddy.query.service;

/**
 * How much of itself a node is to tell.
 *
 * @param level from {@link Telemetry#LEVEL_COLLECTIONS} on more than counts; at least 0
 * @param perCollection whether requests of collections are told apart
 * @param anonymize tell no names of collections and vectors and nothing that a user wrote
 */
public record TelemetryOptions(int level, boolean perCollection, boolean anonymize) {

  /** Names of collections are not told where names are not to be told. */
  public boolean isPerCollection() {
    return perCollection && !anonymize;
  }
}
