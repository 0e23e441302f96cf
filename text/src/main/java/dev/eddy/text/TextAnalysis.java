package dev.eddy.text;

import dev.eddy.model.collection.TextSettings;
import dev.eddy.model.collection.TextSettings.StopWords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/**
 * The tokens of texts by one field's settings: ASCII folding, lower case, stop words, stemmer,
 * bounds of length, in this order. Immutable, thread-safe.
 */
public final class TextAnalysis {
  private final Analyzer stored;
  private final Analyzer asked;
  private final boolean hasPhrases;

  private TextAnalysis(Analyzer stored, Analyzer asked, boolean hasPhrases) {
    this.stored = stored;
    this.asked = asked;
    this.hasPhrases = hasPhrases;
  }

  public static TextAnalysis of(TextSettings settings) {
    StopWords words = settings.stopWords();
    boolean isLower = settings.lowercase() == null || settings.lowercase();
    Set<String> stopWords = words == null ? Set.of() : StopWordLists.all(words, isLower);
    boolean phrases = settings.phraseMatching() != null && settings.phraseMatching();
    return new TextAnalysis(
        new FieldAnalyzer(settings, stopWords, false),
        new FieldAnalyzer(settings, stopWords, true),
        phrases);
  }

  /** Whether the stored texts have, together, every token of the asked one, which has some. */
  public All all(String text) {
    Set<String> wanted = Set.copyOf(tokens(asked, text));
    return values -> {
      Set<String> missing = new HashSet<>(wanted);
      for (String value : values) {
        tokens(stored, value).forEach(missing::remove);
      }
      return missing.isEmpty() && !wanted.isEmpty();
    };
  }

  /** Asks all the stored texts of one point. */
  @FunctionalInterface
  public interface All {
    boolean test(List<String> stored);
  }

  /** Whether the stored text has any token of the asked one. */
  public Matcher any(String text) {
    Set<String> wanted = Set.copyOf(tokens(asked, text));
    return value -> !wanted.isEmpty() && !Collections.disjoint(tokens(stored, value), wanted);
  }

  /**
   * Whether the stored text has the tokens of the asked one side by side, in order: those that it
   * has as a stored one, so every prefix of a word where prefixes are stored.
   */
  public Matcher phrase(String text) {
    List<String> wanted = hasPhrases ? tokens(stored, text) : List.of();
    return value ->
        !wanted.isEmpty() && Collections.indexOfSubList(tokens(stored, value), wanted) >= 0;
  }

  /** The tokens that a stored text has, in order. */
  public List<String> storedTokens(String text) {
    return tokens(stored, text);
  }

  /** The tokens that an asked text has, in order. */
  public List<String> askedTokens(String text) {
    return tokens(asked, text);
  }

  /** Asks one stored text. */
  @FunctionalInterface
  public interface Matcher {
    boolean test(String stored);
  }

  private static List<String> tokens(Analyzer analyzer, String text) {
    List<String> tokens = new ArrayList<>();
    try (TokenStream stream = analyzer.tokenStream("", text)) {
      CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
      stream.reset();
      while (stream.incrementToken()) {
        tokens.add(term.toString());
      }
      stream.end();
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory does not read", e);
    }
    return tokens;
  }
}
