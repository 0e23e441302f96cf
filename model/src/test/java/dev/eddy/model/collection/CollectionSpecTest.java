package dev.eddy.model.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.collection.FieldIndex.Type;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CollectionSpecTest {
  @Test
  void ofSpellingsOfOnePathTheLastIsDeclared() {
    FieldIndex keyword = FieldIndex.of(Type.KEYWORD);
    FieldIndex integer = FieldIndex.of(Type.INTEGER);
    CollectionSpec spec =
        CollectionSpec.of(Map.of())
            .withPayloadIndexes(
                Map.of("\"a\"", integer, "a", keyword, "\"b\"", integer, "a[]", integer));
    assertThat(spec.payloadIndexes())
        .isEqualTo(Map.of("a", keyword, "\"b\"", integer, "a[]", integer));
  }
}
