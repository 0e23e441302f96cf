package dev.eddy.model.filter;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Clauses joined by AND. A null list is an absent clause; an empty {@code should} is no constraint
 * at the top level and matches nothing inside {@link Condition.Nested}.
 *
 * @param should at least one holds
 * @param minShould at least so many hold
 */
public record Filter(
    List<Condition> must,
    @Nullable List<Condition> should,
    List<Condition> mustNot,
    @Nullable MinShould minShould) {

  public static final Filter ANY = new Filter(List.of(), null, List.of(), null);

  /**
   * At least {@code minCount} of the conditions hold.
   *
   * @param minCount at least 1
   */
  public record MinShould(List<Condition> conditions, int minCount) {
    public MinShould {
      conditions = List.copyOf(conditions);
    }
  }

  public Filter {
    must = List.copyOf(must);
    should = should == null ? null : List.copyOf(should);
    mustNot = List.copyOf(mustNot);
  }

  public static Filter must(Condition... conditions) {
    return new Filter(List.of(conditions), null, List.of(), null);
  }

  public Optional<List<Condition>> shouldClause() {
    return Optional.ofNullable(should);
  }

  public Optional<MinShould> minShouldClause() {
    return Optional.ofNullable(minShould);
  }
}
