package dev.eddy.engine.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TermDictionaryTest {
  @TempDir Path folder;

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

  @Test
  void mappedTermsAreThoseOfTheHeap() throws IOException {
    TermDictionary terms = new TermDictionary();
    IndexFiles files = new IndexFiles(folder, file -> {}, 1);
    for (int round = 1; round <= 12; round++) {
      for (int i = 0; i < 200 * round; i++) {
        var _ = terms.code("term " + (terms.size() + i % 2));
      }
      TermDictionary.Stretch due = terms.dueForMapping(1);
      var _ = terms.code("late " + round);
      terms.map(files.mapped(terms, due));
      assertThat(terms.isMappedToTheEnd()).isFalse();
      if (round % 5 == 0) {
        terms.unmap();
        assertThat(terms.mappedBytes()).isZero();
      }
      for (int code = 0; code < terms.size(); code++) {
        assertThat(terms.find(terms.term(code))).isEqualTo(code);
        assertThat(terms.code(terms.term(code))).isEqualTo(code);
      }
      assertThat(terms.find("none")).isEqualTo(TermDictionary.NONE);
    }
    assertThat(terms.codesWhere(term -> term.startsWith("late "))).hasSize(12);
    List<MappedTerms> chunks = terms.holdMapped();
    assertThat(chunks).hasSizeLessThan(6);
    terms.release();
    assertThat(chunks).allMatch(chunk -> chunk.piece().isMapped());
    chunks.forEach(chunk -> chunk.piece().release());
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void readersFindTermsWhileTheyMove() throws IOException {
    TermDictionary terms = new TermDictionary();
    IndexFiles files = new IndexFiles(folder, file -> {}, 1);
    var _ = terms.code("term 0");
    CompletableFuture<Void> mover =
        CompletableFuture.runAsync(() -> {
          try {
            for (int i = 1; i < 20_000; i++) {
              var _ = terms.code("term " + i);
              if (i % 500 == 0) {
                terms.map(files.mapped(terms, terms.dueForMapping(1)));
              }
              if (i % 7_000 == 0) {
                terms.unmap();
              }
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    do {
      int size = terms.size();
      for (int code = Math.max(0, size - 600); code < size; code++) {
        assertThat(terms.term(code)).isEqualTo("term " + code);
        assertThat(terms.find("term " + code)).isEqualTo(code);
      }
    } while (!mover.isDone());
    mover.join();
  }
}
