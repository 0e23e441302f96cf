package dev.eddy.engine.filter;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.TextSettings;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.json.KeyPath.Step;
import dev.eddy.text.TextAnalysis;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the declared fields of a collection mean to its filters, at one position of the log.
 * Immutable, thread-safe.
 */
public final class FieldRules {
  /** Nothing is declared. */
  public static final FieldRules NONE = new FieldRules(Map.of());

  private final Map<List<Step>, FieldRule> byPath;

  private FieldRules(Map<List<Step>, FieldRule> byPath) {
    this.byPath = Map.copyOf(byPath);
  }

  /**
   * What a declaration says of the values of its field.
   *
   * @param text of a text field alone
   */
  record FieldRule(FieldIndex index, @Nullable TextAnalysis text) {
    boolean is(FieldIndex.Type type) {
      return index.type() == type;
    }
  }

  public static FieldRules of(CollectionSpec spec) {
    if (spec.payloadIndexes().isEmpty()) {
      return NONE;
    }
    Map<List<Step>, FieldRule> byPath = new HashMap<>();
    spec.payloadIndexes()
        .forEach((field, index) -> {
          TextSettings text = index.text();
          byPath.put(
              KeyPath.parse(field).steps(),
              new FieldRule(index, text == null ? null : TextAnalysis.of(text)));
        });
    return new FieldRules(byPath);
  }

  /** What the index of a field takes from payloads; the field is declared. */
  public FieldElements elements(String field) {
    List<Step> steps = KeyPath.parse(field).steps();
    FieldRule rule = byPath.get(steps);
    if (rule == null) {
      throw new IllegalArgumentException("no declared field " + field);
    }
    return new FieldElements(steps, rule);
  }

  Optional<FieldRule> at(List<Step> path) {
    return Optional.ofNullable(byPath.get(path));
  }
}
