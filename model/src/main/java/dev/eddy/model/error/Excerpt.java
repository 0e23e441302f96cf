package dev.eddy.model.error;

/** The beginning of a text that may be long, for a message that quotes it. */
public final class Excerpt {
  private Excerpt() {}

  /**
   * The text, or its beginning and three dots.
   *
   * @param charactersMax of the text, without the dots
   */
  public static String of(String text, int charactersMax) {
    return text.length() <= charactersMax ? text : text.substring(0, charactersMax) + "...";
  }

  /** As {@link #of}, and says of how many characters it is the beginning. */
  public static String counted(String text, int charactersMax) {
    return text.length() <= charactersMax
        ? text
        : "%s (%d characters)".formatted(of(text, charactersMax), text.length());
  }
}
