package dev.eddy.text.inference;

import dev.eddy.model.collection.TextSettings;
import dev.eddy.model.collection.TextSettings.StopWords;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the option {@code language} stands for where stop words or the stemmer are not given
 * themselves.
 *
 * @param stopWords language of the list, or null for none
 * @param stemmer language of the stemmer, or {@link TextSettings#NO_STEMMER}
 */
record DefaultLanguage(@Nullable String stopWords, String stemmer) {
  /** In the contract nothing is known of it, so that there are neither; clients rely on that. */
  private static final String NONE = "none";

  private static final Map<String, String> BY_CODE = byCode();

  static final DefaultLanguage ENGLISH = new DefaultLanguage("english", "english");

  /** By the contract's name of a language or by its code of two letters. */
  static Optional<DefaultLanguage> of(String name) {
    if (name.equals(NONE)) {
      return Optional.of(new DefaultLanguage(null, TextSettings.NO_STEMMER));
    }
    String language = BY_CODE.getOrDefault(name, name);
    boolean isListed = StopWords.LANGUAGES.contains(language);
    boolean isStemmed = TextSettings.STEMMER_LANGUAGES.contains(language);
    return isListed || isStemmed
        ? Optional.of(
            new DefaultLanguage(
                isListed ? language : null, isStemmed ? language : TextSettings.NO_STEMMER))
        : Optional.empty();
  }

  private static Map<String, String> byCode() {
    Map<String, String> byCode = new HashMap<>();
    // Codes are what the contract's server takes, "jp" among them.
    for (String pair :
        List.of(
            "ar arabic",
            "az azerbaijani",
            "bn bengali",
            "ca catalan",
            "da danish",
            "de german",
            "el greek",
            "en english",
            "es spanish",
            "eu basque",
            "fi finnish",
            "fr french",
            "he hebrew",
            "hu hungarian",
            "id indonesian",
            "it italian",
            "jp japanese",
            "kk kazakh",
            "ne nepali",
            "nl dutch",
            "no norwegian",
            "pt portuguese",
            "ro romanian",
            "ru russian",
            "sl slovene",
            "sv swedish",
            "tg tajik",
            "tr turkish",
            "zh chinese")) {
      byCode.put(pair.substring(0, 2), pair.substring(3));
    }
    return Map.copyOf(byCode);
  }
}
