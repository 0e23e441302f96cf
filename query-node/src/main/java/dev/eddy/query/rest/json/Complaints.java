package dev.eddy.query.rest.json;

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
  /** Listed in one answer; more are only counted. */
  private static final int LISTED_MAX = 50;

  private final List<String> problems = new ArrayList<>();
  private final List<String> refusals = new ArrayList<>();
  private int problemsLeftOut;
  private @Nullable EddyException conflict;
  private @Nullable Limit exceeded;

  /** Notes a broken rule. */
  void problem(String path, String rule) {
    if (problems.size() >= LISTED_MAX) {
      problemsLeftOut++;
      return;
    }
    problems.add(path.isEmpty() ? rule : path + ": " + rule);
  }

  /** Notes that a problem is one of a limit of this node. */
  void exceeded(Limit limit) {
    exceeded = limit;
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
      if (problemsLeftOut > 0) {
        problems.add("and " + problemsLeftOut + " more");
      }
      EddyException broken =
          EddyException.validation(
              "Validation error in JSON body: [" + String.join(", ", problems) + "]");
      throw exceeded == null ? broken : broken.beyond(exceeded);
    }
    if (conflict != null) {
      throw conflict;
    }
    if (!refusals.isEmpty()) {
      throw EddyException.notImplemented(String.join(", ", refusals));
    }
  }
}
