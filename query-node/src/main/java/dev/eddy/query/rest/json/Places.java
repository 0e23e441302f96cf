package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonStreamContext;
import dev.eddy.model.error.Excerpt;
import java.util.regex.Pattern;

/** Where in a body something is, as messages say it. */
final class Places {
  private static final int QUOTED_MAX = 100;
  private static final Pattern PARSERS_OWN =
      Pattern.compile(": enable `.*| \\(start marker at .*|, from `[^`]*`");

  /** Marks that the value of the current name stands for a list of it alone. */
  private static final Object ONLY_ELEMENT = new Object();

  private Places() {}

  /**
   * Has paths show the value of an object's current name as the first element of a list, until it
   * is told otherwise.
   */
  static void showAsElement(JsonStreamContext owner, boolean isElement) {
    owner.setCurrentValue(isElement ? ONLY_ELEMENT : null);
  }

  /** The path of the value being read: {@code points[0].vector}. */
  static String path(JsonStreamContext context) {
    StringBuilder path = new StringBuilder();
    append(context, path);
    return path.toString();
  }

  private static void append(JsonStreamContext context, StringBuilder path) {
    if (context.getParent() != null) {
      append(context.getParent(), path);
    }
    if (context.inObject() && context.hasCurrentName()) {
      path.append(path.isEmpty() ? "" : ".").append(shortened(context.getCurrentName()));
      if (context.getCurrentValue() == ONLY_ELEMENT) {
        path.append("[0]");
      }
    } else if (context.inArray() && context.hasCurrentIndex()) {
      path.append('[').append(context.getCurrentIndex()).append(']');
    }
  }

  /** Lines count from 1, columns are the characters read on the line. */
  static String place(JsonLocation location) {
    return " at line "
        + Math.max(1, location.getLineNr())
        + " column "
        + Math.max(0, location.getColumnNr() - 1);
  }

  /** A client's own text, cut to what a message may carry. */
  static String shortened(String text) {
    return Excerpt.of(text, QUOTED_MAX);
  }

  /** What a parser says, without the names of its settings and classes. */
  static String firstLine(String text) {
    int end = text.indexOf('\n');
    String line = end < 0 ? text : text.substring(0, end);
    return shortened(PARSERS_OWN.matcher(line).replaceAll(""));
  }
}
