package dev.eddy.engine.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class TermDictionaryTest {
  @Test
  void everyTermHasACodeOfItsOwnAndComesBack() {
    TermDictionary terms = new TermDictionary();
    List<String> all = new ArrayList<>(List.of("", "a", "é", "\uD83D\uDE00", "\uD800", "\uDC00a"));
    for (int i = 0; i < 40_000; i++) {
      all.add("term " + i);
    }
    all.add("x".repeat(200_000));
    for (int i = 0; i < all.size(); i++) {
      assertThat(terms.find(all.get(i))).isEqualTo(TermDictionary.NONE);
      assertThat(terms.code(all.get(i))).isEqualTo(i);
    }
    for (int i = 0; i < all.size(); i++) {
      assertThat(terms.code(all.get(i))).isEqualTo(i);
      assertThat(terms.find(all.get(i))).isEqualTo(i);
      assertThat(terms.term(i)).isEqualTo(all.get(i));
    }
    assertThat(terms.find("?")).isEqualTo(TermDictionary.NONE);
    assertThat(terms.codesWhere(term -> term.startsWith("term 3999"))).hasSize(11);
  }

  @Test
  void readersMeetWholeTermsWhileOthersCome() {
    TermDictionary terms = new TermDictionary();
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(() -> {
          for (int i = 0; i < 200_000; i++) {
            var _ = terms.code("term " + i);
          }
        });
    int found = 0;
    while (!writer.isDone()) {
      int size = terms.size();
      for (int code = Math.max(0, size - 50); code < size; code++) {
        assertThat(terms.term(code)).isEqualTo("term " + code);
        assertThat(terms.find("term " + code)).isEqualTo(code);
        found++;
      }
    }
    writer.join();
    assertThat(found).isPositive();
    assertThat(terms.size()).isEqualTo(200_000);
  }
}
