package dev.eddy.text.inference;

import dev.eddy.model.collection.TextSettings.StopWords;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Models by their options: making one reads lists of stop words. Bounded in number and in size,
 * because clients choose the options. Thread-safe.
 */
final class Bm25Models {
  private static final int MODELS_MAX = 64;
  private static final int CUSTOM_CHARACTERS_MAX = 10_000;

  private final ConcurrentMap<Bm25Options, Bm25> models = new ConcurrentHashMap<>();

  Bm25 of(Bm25Options options) {
    Bm25 known = models.get(options);
    if (known != null) {
      return known;
    }
    Bm25 made = new Bm25(options);
    if (isSmall(options)) {
      // Nearly everybody uses a few: to begin anew costs less than to keep an order.
      if (models.size() >= MODELS_MAX) {
        models.clear();
      }
      models.put(options, made);
    }
    return made;
  }

  private static boolean isSmall(Bm25Options options) {
    StopWords words = options.text().stopWords();
    return words == null
        || words.languages().size() <= StopWords.LANGUAGES.size()
            && words.custom().stream().mapToLong(String::length).sum() <= CUSTOM_CHARACTERS_MAX;
  }

  /** How many are kept. */
  int kept() {
    return models.size();
  }
}
