package dev.eddy.model.json;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.error.EddyException;
import java.util.ArrayList;
import java.util.List;

/**
 * A path into a payload: {@code a.b}, {@code a[].b}, {@code a[3]}, {@code "quoted.key".c}.
 *
 * <p>Plain keys are letters and digits of any script, {@code _} and {@code -}; other keys are
 * quoted.
 *
 * @param text the path as written
 * @param steps at least one; the first is a key
 */
public record KeyPath(String text, List<Step> steps) {

  /** One step down. */
  public sealed interface Step {
    /** Into the member of an object. */
    record Key(String name) implements Step {}

    /** Into the element of an array at an index {@code >= 0}. */
    record Index(int index) implements Step {}

    /** Into every element of an array. */
    enum Every implements Step {
      EVERY
    }
  }

  public KeyPath {
    requireNonNull(text, "text");
    steps = List.copyOf(steps);
  }

  /** Whether the path is exactly one plain or quoted key. */
  public boolean isTopLevel() {
    return steps.size() == 1;
  }

  /** The first key. */
  public String head() {
    return ((Step.Key) steps.getFirst()).name();
  }

  /** The steps of a prefix, and behind them those of this path. */
  public List<Step> below(List<Step> prefix) {
    List<Step> path = new ArrayList<>(prefix);
    path.addAll(steps);
    return path;
  }

  /** The same path with {@code []} at its end, unless it ends so already. */
  public KeyPath everyElement() {
    if (steps.getLast() instanceof Step.Every) {
      return this;
    }
    List<Step> longer = new ArrayList<>(steps);
    longer.add(Step.Every.EVERY);
    return new KeyPath(text + "[]", longer);
  }

  /**
   * Parses a path.
   *
   * @throws EddyException "Wrong input" naming the path when it is not one
   */
  public static KeyPath parse(String text) {
    List<Step> steps = new ArrayList<>();
    int at = 0;
    while (true) {
      int end = keyEnd(text, at);
      boolean quoted = text.charAt(at) == '"';
      steps.add(new Step.Key(quoted ? text.substring(at + 1, end - 1) : text.substring(at, end)));
      at = end;
      while (at < text.length() && text.charAt(at) == '[') {
        int close = text.indexOf(']', at);
        if (close < 0) {
          throw invalid(text);
        }
        steps.add(bracket(text, text.substring(at + 1, close)));
        at = close + 1;
      }
      if (at == text.length()) {
        return new KeyPath(text, steps);
      }
      if (text.charAt(at) != '.') {
        throw invalid(text);
      }
      at++;
    }
  }

  /**
   * The same path in the one spelling that is shown: quoted where it has to be, and nowhere else.
   */
  public KeyPath canonical() {
    StringBuilder spelled = new StringBuilder();
    for (Step step : steps) {
      switch (step) {
        case Step.Key(String name) -> {
          spelled.append(spelled.isEmpty() ? "" : ".");
          spelled.append(name.codePoints().allMatch(KeyPath::isPlain) ? name : '"' + name + '"');
        }
        case Step.Index(int index) -> spelled.append('[').append(index).append(']');
        case Step.Every ignored -> spelled.append("[]");
      }
    }
    return new KeyPath(spelled.toString(), steps);
  }

  private static boolean isPlain(int codePoint) {
    return Character.isLetterOrDigit(codePoint) || codePoint == '_' || codePoint == '-';
  }

  private static int keyEnd(String text, int from) {
    if (from >= text.length()) {
      throw invalid(text);
    }
    if (text.charAt(from) == '"') {
      int close = text.indexOf('"', from + 1);
      if (close <= from + 1) {
        throw invalid(text);
      }
      return close + 1;
    }
    int at = from;
    while (at < text.length()) {
      int codePoint = text.codePointAt(at);
      if (!isPlain(codePoint)) {
        break;
      }
      at += Character.charCount(codePoint);
    }
    if (at == from) {
      throw invalid(text);
    }
    return at;
  }

  private static Step bracket(String text, String inside) {
    if (inside.isEmpty()) {
      return Step.Every.EVERY;
    }
    try {
      int index = Integer.parseInt(inside);
      if (index >= 0 && Character.isDigit(inside.charAt(0))) {
        return new Step.Index(index);
      }
    } catch (NumberFormatException e) {
      throw invalid(text);
    }
    throw invalid(text);
  }

  private static EddyException invalid(String text) {
    return EddyException.wrongInput("Invalid json path: '" + text + "'");
  }
}
