package dev.eddy.model.collection;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How texts of a declared field become tokens; a null setting was not given.
 *
 * @param minTokenLength in characters; shorter tokens are left out; null = 1
 * @param maxTokenLength in characters; longer tokens are left out; null = no bound
 * @param lowercase null = true
 * @param asciiFolding null = false
 * @param phraseMatching whether phrases can be asked for; null = false
 * @param stemmer language of the Snowball stemmer, {@link #NO_STEMMER} where it was switched off in
 *     so many words, or null
 */
public record TextSettings(
    Tokenizer tokenizer,
    @Nullable Integer minTokenLength,
    @Nullable Integer maxTokenLength,
    @Nullable Boolean lowercase,
    @Nullable Boolean asciiFolding,
    @Nullable Boolean phraseMatching,
    @Nullable StopWords stopWords,
    @Nullable String stemmer) {
  public static final String NO_STEMMER = "none";

  /** Languages that there are stemmers for. */
  public static final List<String> STEMMER_LANGUAGES =
      List.of(
          "arabic",
          "armenian",
          "danish",
          "dutch",
          "english",
          "finnish",
          "french",
          "german",
          "greek",
          "hungarian",
          "italian",
          "norwegian",
          "portuguese",
          "romanian",
          "russian",
          "spanish",
          "swedish",
          "tamil",
          "turkish");

  public static final TextSettings DEFAULT =
      new TextSettings(Tokenizer.WORD, null, null, null, null, null, null, null);

  /** Where a text is cut. */
  public enum Tokenizer {
    /** As {@link #WORD}; every beginning of a word is a token. */
    PREFIX("prefix"),
    /** At white space. */
    WHITESPACE("whitespace"),
    /** At everything that is neither a letter nor a number. */
    WORD("word"),
    /** By the rules of each script. */
    MULTILINGUAL("multilingual");

    private final String apiName;

    Tokenizer(String apiName) {
      this.apiName = apiName;
    }

    /** The name that clients use. */
    public String apiName() {
      return apiName;
    }
  }

  /**
   * Tokens that are left out.
   *
   * @param isBare whether a single language was given as a word; shown back so
   * @param languages whose common words are left out
   * @param custom further words
   */
  public record StopWords(boolean isBare, List<String> languages, List<String> custom) {
    /** Languages that there are lists for. */
    public static final List<String> LANGUAGES =
        List.of(
            "arabic",
            "azerbaijani",
            "basque",
            "bengali",
            "catalan",
            "chinese",
            "danish",
            "dutch",
            "english",
            "finnish",
            "french",
            "german",
            "greek",
            "hebrew",
            "hinglish",
            "hungarian",
            "indonesian",
            "italian",
            "japanese",
            "kazakh",
            "nepali",
            "norwegian",
            "portuguese",
            "romanian",
            "russian",
            "slovene",
            "spanish",
            "swedish",
            "tajik",
            "turkish");

    public StopWords {
      languages = List.copyOf(languages);
      custom = List.copyOf(custom);
    }
  }

  public TextSettings {
    requireNonNull(tokenizer, "tokenizer");
  }
}
