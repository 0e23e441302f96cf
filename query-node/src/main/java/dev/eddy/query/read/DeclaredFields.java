package dev.eddy.query.read;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.json.KeyPath;
import java.util.Map;
import java.util.Optional;

/** Which declared fields serve which questions. Stateless. */
final class DeclaredFields {
  private DeclaredFields() {}

  /**
   * The type of a field that points can be ordered by.
   *
   * @throws EddyException with the contract's text when it is not declared as one
   */
  static FieldIndex.Type ordering(CollectionSpec spec, KeyPath key) {
    return find(spec, key)
        .filter(index ->
            switch (index.type()) {
              case INTEGER -> index.servesRange();
              case FLOAT, DATETIME -> true;
              case KEYWORD, GEO, TEXT, BOOL, UUID -> false;
            })
        .map(FieldIndex::type)
        .orElseThrow(() ->
            EddyException.wrongInput(
                "No range index for `order_by` key: `"
                    + key.text()
                    + "`. Please create one to use `order_by`."));
  }

  /**
   * The type of a field whose values can be counted.
   *
   * @throws EddyException with the contract's text when it is not declared as one
   */
  static FieldIndex.Type facet(CollectionSpec spec, KeyPath key) {
    return find(spec, key)
        .filter(index ->
            switch (index.type()) {
              case INTEGER -> index.servesMatch();
              case KEYWORD, BOOL, UUID -> true;
              case FLOAT, DATETIME, GEO, TEXT -> false;
            })
        .map(FieldIndex::type)
        .orElseThrow(() ->
            EddyException.wrongInput(
                "No appropriate index for faceting: `"
                    + key.text()
                    + "`. Please create one to facet on this field."));
  }

  private static Optional<FieldIndex> find(CollectionSpec spec, KeyPath key) {
    return spec.payloadIndexes().entrySet().stream()
        .filter(each -> KeyPath.parse(each.getKey()).steps().equals(key.steps()))
        .map(Map.Entry::getValue)
        .findFirst();
  }
}
