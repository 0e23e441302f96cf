package dev.eddy.query.rest.json;

import dev.eddy.model.error.BrokenRules;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.limit.Limit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found wrong with a body that has the right shape. Broken rules win over a request that
 * makes no sense as a whole, and that over what is not built yet. Used by one thread.
 */
final class Complaints {
  /** Listed in one answer. */
  private static final int LISTED_MAX = 50;

  private final BrokenRules problems = new BrokenRules();
  private final List<String> refusals = new ArrayList<>();
  private @Nullable EddyException conflict;

  /** Notes a broken rule. */
  void problem(String path, String rule) {
    problems.add(path.isEmpty() ? rule : path + ": " + rule);
  }

  /** Notes that a problem is one of a limit of this node. */
  void exceeded(Limit limit) {
    problems.beyond(limit);
  }

  /** Notes that the request makes no sense as a whole; the first reason counts. */
  void conflict(EddyException exception) {
    if (conflict == null) {
      conflict = exception;
    }
  }

  /** Notes something that is not built yet. */
  void refusal(String what) {
    if (!refusals.contains(what) && refusals.size() < LISTED_MAX) {
      refusals.add(what);
    }
  }

  /** Throws what was noted, if anything was. */
  void raise() {
    if (!problems.isEmpty()) {
      throw problems.refusal("Validation error in JSON body: [" + problems.text() + "]");
    }
    if (conflict != null) {
      throw conflict;
    }
    if (!refusals.isEmpty()) {
      throw EddyException.notImplemented(String.join(", ", refusals));
    }
  }
}
