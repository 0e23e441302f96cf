package dev.eddy.model.collection;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.limit.Limit;

/** The rule for names of collections and aliases. */
public final class CollectionName {
  public static final int LENGTH_MAX = (int) Limit.COLLECTION_NAME.standard();

  private static final String FORBIDDEN = "<>:\"/\\|?*\0\u001f";

  private CollectionName() {}

  /**
   * Checks a name.
   *
   * @param field how the request calls it, for the message
   * @throws EddyException a validation error naming the field
   */
  public static void check(String field, String name) {
    checkLength(field, name);
    for (int i = 0; i < name.length(); i++) {
      char character = name.charAt(i);
      if (FORBIDDEN.indexOf(character) >= 0) {
        throw EddyException.validation(
            field + ": collection name cannot contain \"" + character + "\" char");
      }
    }
  }

  /**
   * Checks what a name that is only looked up must keep, too: anything else is just not found.
   *
   * @param field how the request calls it, for the message
   * @throws EddyException a validation error naming the field
   */
  public static void checkLength(String field, String name) {
    if (name.isEmpty()) {
      throw EddyException.validation(field + ": value \"\" invalid, must be at least 1 characters");
    }
    int length = name.codePointCount(0, name.length());
    if (length > LENGTH_MAX) {
      throw EddyException.validation(
              field
                  + ": value of "
                  + length
                  + " characters invalid, must be at most "
                  + LENGTH_MAX
                  + " characters")
          .beyond(Limit.COLLECTION_NAME);
    }
  }
}
