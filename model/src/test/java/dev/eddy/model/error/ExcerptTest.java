package dev.eddy.model.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExcerptTest {
  @Test
  void aTextThatFitsIsQuotedWhole() {
    assertThat(Excerpt.of("abc", 3)).isEqualTo("abc");
    assertThat(Excerpt.counted("abc", 3)).isEqualTo("abc");
  }

  @Test
  void ofALongerOneTheBeginning() {
    assertThat(Excerpt.of("abcd", 3)).isEqualTo("abc...");
    assertThat(Excerpt.counted("abcd", 3)).isEqualTo("abc... (4 characters)");
  }
}
