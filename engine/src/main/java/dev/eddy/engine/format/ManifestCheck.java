package dev.eddy.engine.format;

/**
 * Checks the numbers of a manifest while it is read. Immutable.
 *
 * @param manifest what errors call it
 */
public record ManifestCheck(String manifest) {
  /**
   * The number, if it is in its range.
   *
   * @throws IllegalArgumentException naming the manifest, the number, its range and what was found
   */
  public int expect(String what, int found, int least, int most) {
    if (found < least || found > most) {
      throw new IllegalArgumentException(
          "%s: %s must be in [%d, %d], found %d".formatted(manifest, what, least, most, found));
    }
    return found;
  }
}
