package dev.eddy.model.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.error.EddyException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReadTokenTest {
  @Test
  void theTextFormReadsBackEqual() {
    ReadToken token =
        new ReadToken(new UUID(1, -2), 7, new TreeMap<>(Map.of(0, 5L, 3, Long.MAX_VALUE)));
    assertThat(ReadToken.decode(token.encode())).isEqualTo(token);
  }

  @Test
  void anythingElseIsRefused() {
    String good = new ReadToken(new UUID(1, 2), 1, new TreeMap<>(Map.of(0, 5L))).encode();
    for (String text :
        List.of(
            "",
            "!",
            "AAAA",
            good.substring(0, good.length() - 4),
            good + "AAAA",
            "Ag" + good.substring(2))) {
      assertThatThrownBy(() -> ReadToken.decode(text)).as(text).isInstanceOf(EddyException.class);
    }
  }
}
