package dev.eddy.model.collection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VectorNameTest {
  @Test
  void bytesAreCountedNotCharacters() {
    assertThat(VectorName.problem("")).isEmpty();
    assertThat(VectorName.problem("ä".repeat(100))).isEmpty();
    assertThat(VectorName.problem("ä".repeat(101)))
        .contains("vector name of 202 bytes invalid, must be at most 200 bytes");
  }

  @Test
  void aForbiddenCharacterIsNamed() {
    assertThat(VectorName.problem("a.b c")).isEmpty();
    assertThat(VectorName.problem("a/b")).contains("vector name cannot contain \"/\" char");
  }
}
