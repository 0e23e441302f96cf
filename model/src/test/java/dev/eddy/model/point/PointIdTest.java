package dev.eddy.model.point;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.error.EddyException;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PointIdTest {
  private static final UUID UUID_VALUE = UUID.fromString("936da01f-9abd-4d9d-80c7-02af85c822a8");

  @Test
  void everySpellingOfAUuidIsTheSameId() {
    for (String text :
        List.of(
            "936DA01F-9ABD-4d9d-80C7-02AF85C822A8",
            "936da01f9abd4d9d80c702af85c822a8",
            "urn:uuid:936da01f-9abd-4d9d-80c7-02af85c822a8",
            "{936da01f-9abd-4d9d-80c7-02af85c822a8}")) {
      assertThat(PointId.parse(text)).as(text).isEqualTo(PointId.of(UUID_VALUE));
    }
    assertThat(PointId.of(UUID_VALUE)).hasToString("936da01f-9abd-4d9d-80c7-02af85c822a8");
  }

  @Test
  void numbersAreUnsigned() {
    assertThat(PointId.parse("18446744073709551615"))
        .isEqualTo(PointId.of(-1))
        .hasToString("18446744073709551615");
  }

  @Test
  void anythingElseIsRefused() {
    for (String text :
        List.of(
            "",
            "abc",
            "-1",
            "1.5",
            "18446744073709551616",
            "936da01f-9abd-4d9d-80c7-02af85c822a",
            "936da01f+9abd-4d9d-80c7-02af85c822a8")) {
      assertThatThrownBy(() -> PointId.parse(text))
          .as(text)
          .isInstanceOf(EddyException.class)
          .hasMessage("Wrong input: Can not recognize \"" + text + "\" as point id");
    }
  }

  @Test
  void numbersComeBeforeUuidsAndBothCompareUnsigned() {
    List<PointId> ordered =
        List.of(
            PointId.of(0),
            PointId.of(Long.MAX_VALUE),
            PointId.of(-1),
            PointId.of(new UUID(0, 1)),
            PointId.of(new UUID(1, 0)),
            PointId.of(new UUID(-1, -1)));
    assertThat(Stream.of(5, 2, 0, 4, 1, 3).map(ordered::get).sorted())
        .containsExactlyElementsOf(ordered);
  }
}
