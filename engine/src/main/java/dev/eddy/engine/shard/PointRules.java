package dev.eddy.engine.shard;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.VectorRules;
import dev.eddy.model.collection.VectorRules.Problem;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.update.Verdict.Rejected;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a collection accepts as a point's vectors, as a verdict. */
final class PointRules {
  private PointRules() {}

  /** Why the vectors are refused, or empty when they are fine. */
  static Optional<Rejected> check(Vectors vectors, CollectionSpec spec) {
    for (Map.Entry<String, Vector> entry : vectors.byName().entrySet()) {
      Optional<Problem> problem = VectorRules.problem(spec, entry.getKey(), entry.getValue());
      if (problem.isPresent()) {
        return Optional.of(refusal(entry.getKey(), problem.get()));
      }
    }
    return Optional.empty();
  }

  /**
   * The vectors without those whose names went, or became something else, while they were on their
   * way.
   */
  static Vectors fitting(Vectors vectors, CollectionSpec spec) {
    Map<String, Vector> fitting = new LinkedHashMap<>(vectors.byName());
    fitting
        .entrySet()
        .removeIf(entry ->
            VectorRules.problem(spec, entry.getKey(), entry.getValue())
                .filter(problem -> !(problem instanceof Problem.BrokenRule))
                .isPresent());
    return fitting.size() == vectors.byName().size() ? vectors : new Vectors(fitting);
  }

  private static Rejected refusal(String name, Problem problem) {
    return switch (problem) {
      case Problem.UnknownName unknown -> wrongInput(unknown.text());
      case Problem.WrongForm(String text) -> wrongInput(text);
      case Problem.WrongDimension dimension -> wrongInput(dimension.text());
      case Problem.BrokenRule(String place, String text) ->
          wrongInput("vector '%s'%s: %s".formatted(name, place, text));
    };
  }

  static Rejected unknownName(String name) {
    return wrongInput(new Problem.UnknownName(name).text());
  }

  private static Rejected wrongInput(String text) {
    return new Rejected(ErrorCode.WRONG_INPUT, "Wrong input: " + text);
  }
}
