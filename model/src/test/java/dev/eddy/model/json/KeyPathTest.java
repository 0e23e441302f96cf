package dev.eddy.model.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.json.KeyPath.Step.Every;
import dev.eddy.model.json.KeyPath.Step.Index;
import dev.eddy.model.json.KeyPath.Step.Key;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyPathTest {
  @Test
  void readsKeysElementsAndQuotes() {
    assertThat(KeyPath.parse("a.b").steps()).containsExactly(new Key("a"), new Key("b"));
    assertThat(KeyPath.parse("a[].b").steps())
        .containsExactly(new Key("a"), Every.EVERY, new Key("b"));
    assertThat(KeyPath.parse("a[3][]").steps())
        .containsExactly(new Key("a"), new Index(3), Every.EVERY);
    assertThat(KeyPath.parse("\"a.b\".c-1_é").steps())
        .containsExactly(new Key("a.b"), new Key("c-1_é"));
  }

  @Test
  void refusesWhatIsNoPath() {
    for (String text :
        List.of(
            "", ".", "a.", ".a", "a b", "a[", "a[x]", "a[-1]", "a[+1]", "a]", "\"\"", "\"a", "a..b",
            "[0]", "a[0]b")) {
      assertThatThrownBy(() -> KeyPath.parse(text))
          .as(text)
          .isInstanceOf(EddyException.class)
          .hasMessageContaining(text);
    }
  }

  @Test
  void everyElementIsAppendedOnce() {
    assertThat(KeyPath.parse("a").everyElement()).isEqualTo(KeyPath.parse("a[]"));
    assertThat(KeyPath.parse("a[]").everyElement()).isEqualTo(KeyPath.parse("a[]"));
  }

  @Test
  void aPathHasOneCanonicalSpelling() {
    assertThat(KeyPath.parse("\"a\"[03].\"b c\"[].\"é-1\"").canonical())
        .isEqualTo(KeyPath.parse("a[3].\"b c\"[].é-1"));
    for (String text : List.of("a", "a.b[]", "\"a.b\".c[0][]", "\"a[]\"", "\" \"")) {
      assertThat(KeyPath.parse(text).canonical()).isEqualTo(KeyPath.parse(text));
    }
  }
}
