package dev.eddy.engine.field;

import dev.eddy.engine.filter.FieldElements;
import dev.eddy.model.filter.FieldPredicate.GeoPoint;
import dev.eddy.model.json.JsonValue.JsonObject;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Makes keys of what payloads have of one field. Thread-safe. */
final class FieldReader {
  private final FieldElements elements;
  private final @Nullable TermDictionary terms;

  FieldReader(FieldElements elements) {
    this.elements = elements;
    this.terms = elements.areTerms() ? new TermDictionary() : null;
  }

  FieldElements elements() {
    return elements;
  }

  /** Of a field of terms. */
  @Nullable TermDictionary terms() {
    return terms;
  }

  /**
   * @param values takes a key for each element
   * @param facts takes a {@link Facts} key for each value
   */
  void read(JsonObject members, LongConsumer values, LongConsumer facts) {
    elements.forEach(
        members,
        new FieldElements.Sink() {
          @Override
          public void value(long count, boolean isEmpty, boolean hasNull) {
            facts.accept(Facts.key(count, isEmpty, hasNull));
          }

          @Override
          public void key(long key) {
            values.accept(key);
          }

          @Override
          public void term(String term) {
            if (terms != null) {
              values.accept(terms.code(term));
            }
          }

          @Override
          public void point(GeoPoint point) {
            values.accept(GeoCells.key(point));
          }
        });
  }
}
