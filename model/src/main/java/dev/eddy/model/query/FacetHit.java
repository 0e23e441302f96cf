package dev.eddy.model.query;

import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonBoolean;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonString;
import java.util.Comparator;

/**
 * A value and how many points have it.
 *
 * @param value a string, an integer or a boolean
 */
public record FacetHit(JsonValue value, long count) {
  /** The most frequent values of one field first, of equal counts the smaller ones. */
  public static final Comparator<FacetHit> MOST_FIRST =
      Comparator.comparingLong(FacetHit::count)
          .reversed()
          .thenComparing(FacetHit::value, FacetHit::compare);

  private static int compare(JsonValue a, JsonValue b) {
    return switch (a) {
      case JsonLong(long mine) when b instanceof JsonLong(long theirs) ->
          Long.compare(mine, theirs);
      case JsonBoolean(boolean mine) when b instanceof JsonBoolean(boolean theirs) ->
          Boolean.compare(mine, theirs);
      case JsonString(String mine) when b instanceof JsonString(String theirs) ->
          compare(mine, theirs);
      default -> throw new IllegalStateException("values of one field of two kinds");
    };
  }

  /** By code points: Java's chars are in another order than UTF-8 bytes. */
  private static int compare(String a, String b) {
    int common = Math.min(a.length(), b.length());
    for (int i = 0; i < common; i++) {
      char mine = a.charAt(i);
      char theirs = b.charAt(i);
      if (mine != theirs) {
        boolean isHigh = Character.isSurrogate(mine);
        return isHigh == Character.isSurrogate(theirs)
            ? Character.compare(mine, theirs)
            : Boolean.compare(isHigh, !isHigh);
      }
    }
    return Integer.compare(a.length(), b.length());
  }
}
