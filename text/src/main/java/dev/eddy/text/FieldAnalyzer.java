package dev.eddy.text;

import dev.eddy.model.collection.TextSettings;
import dev.eddy.model.collection.TextSettings.Tokenizer;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.StopFilter;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.icu.segmentation.ICUTokenizer;
import org.apache.lucene.analysis.miscellaneous.CodepointCountFilter;
import org.apache.lucene.analysis.ngram.EdgeNGramTokenFilter;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.util.CharTokenizer;
import org.apache.lucene.analysis.util.UnicodeProps;

/** Lucene's chain for one field: for stored texts, or for asked ones. */
final class FieldAnalyzer extends Analyzer {
  /** Longer words are cut by the tokenizer. */
  private static final int WORD_MAX = 1_000_000;

  private final TextSettings settings;
  private final CharArraySet stopWords;
  private final boolean isAsked;

  FieldAnalyzer(TextSettings settings, Set<String> stopWords, boolean isAsked) {
    this.settings = settings;
    this.stopWords = CharArraySet.copy(new CharArraySet(stopWords, false));
    this.isAsked = isAsked;
  }

  @Override
  protected TokenStreamComponents createComponents(String field) {
    boolean isPrefix = settings.tokenizer() == Tokenizer.PREFIX;
    org.apache.lucene.analysis.Tokenizer source = source();
    TokenStream stream = source;
    if (settings.asciiFolding() != null && settings.asciiFolding()) {
      stream = new FoldFilter(stream);
    }
    if (settings.lowercase() == null || settings.lowercase()) {
      stream = new WholeLowerCaseFilter(stream);
    }
    // A beginning that somebody asks for may well be a stop word.
    if (!stopWords.isEmpty() && !(isPrefix && isAsked)) {
      stream = new StopFilter(stream, stopWords);
    }
    String language = settings.stemmer();
    if (language != null && !language.equals(TextSettings.NO_STEMMER)) {
      stream = StemFilter.of(stream, language);
    }
    // Nothing may be left of a word that is stemmed: that is a token, too.
    int min = settings.minTokenLength() == null ? 0 : settings.minTokenLength();
    int max = settings.maxTokenLength() == null ? WORD_MAX : settings.maxTokenLength();
    return new TokenStreamComponents(source, bounded(stream, isPrefix, min, max));
  }

  private org.apache.lucene.analysis.Tokenizer source() {
    return switch (settings.tokenizer()) {
      case WHITESPACE -> new Separated(UnicodeProps.WHITESPACE::get);
      case WORD, PREFIX ->
          new Separated(character -> !Character.isAlphabetic(character) && !isNumber(character));
      case MULTILINGUAL -> new ICUTokenizer();
    };
  }

  private static boolean isNumber(int character) {
    return switch (Character.getType(character)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
      default -> false;
    };
  }

  private TokenStream bounded(TokenStream stream, boolean isPrefix, int min, int max) {
    if (max < min) {
      return new CodepointCountFilter(stream, WORD_MAX, WORD_MAX);
    }
    if (!isPrefix) {
      return new CodepointCountFilter(stream, min, max);
    }
    return isAsked
        ? new CutTokenFilter(new CodepointCountFilter(stream, min, WORD_MAX), max)
        : new EdgeNGramTokenFilter(stream, Math.max(1, min), max, false);
  }

  /** Words between what separates them. */
  private static final class Separated extends CharTokenizer {
    private final java.util.function.IntPredicate separates;

    Separated(java.util.function.IntPredicate separates) {
      super(DEFAULT_TOKEN_ATTRIBUTE_FACTORY, WORD_MAX);
      this.separates = separates;
    }

    @Override
    protected boolean isTokenChar(int character) {
      return !separates.test(character);
    }
  }

  /** Cuts tokens to a number of characters. */
  private static final class CutTokenFilter extends TokenFilter {
    private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
    private final int max;

    CutTokenFilter(TokenStream input, int max) {
      super(input);
      this.max = max;
    }

    @Override
    public boolean incrementToken() throws java.io.IOException {
      if (!input.incrementToken()) {
        return false;
      }
      if (Character.codePointCount(term, 0, term.length()) > max) {
        term.setLength(Character.offsetByCodePoints(term, 0, max));
      }
      return true;
    }
  }
}
