package dev.eddy.model.error;

import dev.eddy.model.limit.Limit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules that one request breaks, in the order in which they were found. Used by one thread. */
public final class BrokenRules {
  /** Listed in one answer; more are only counted. */
  private static final int LISTED_MAX = 50;

  private final List<String> rules = new ArrayList<>();
  private int leftOut;
  private @Nullable Limit exceeded;

  /**
   * Notes one.
   *
   * @param pathAndRule for instance {@code limit: value 0 invalid, must be 1 or larger}
   */
  public void add(String pathAndRule) {
    if (rules.size() >= LISTED_MAX) {
      leftOut++;
    } else {
      rules.add(pathAndRule);
    }
  }

  /** Notes that one is a limit of this node; the last counts. */
  public void beyond(Limit limit) {
    exceeded = limit;
  }

  public boolean isEmpty() {
    return rules.isEmpty();
  }

  /** All of them, as the contract separates them. */
  public String text() {
    String listed = String.join("; ", rules);
    return leftOut == 0 ? listed : listed + "; and " + leftOut + " more";
  }

  /**
   * The refusal.
   *
   * @param text what it says, with {@link #text} in it
   */
  public EddyException refusal(String text) {
    EddyException refusal = EddyException.validation(text);
    return exceeded == null ? refusal : refusal.beyond(exceeded);
  }
}
