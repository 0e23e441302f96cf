package dev.eddy.text;

import dev.eddy.model.collection.TextSettings.StopWords;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Common words by language: those that the contract's engine leaves out, in resources that say how
 * they were found. Thread-safe.
 */
final class StopWordLists {
  private static final Map<String, Set<String>> READ = new ConcurrentHashMap<>();

  private StopWordLists() {}

  /**
   * Every word that is left out. The lists are compared as they are: no folding reaches them.
   *
   * @param isLower whether tokens are lower case when they are compared: then custom words are, too
   * @throws IllegalArgumentException for a language that is none of {@link StopWords#LANGUAGES}
   */
  static Set<String> all(StopWords words, boolean isLower) {
    Set<String> all = new HashSet<>();
    for (String word : words.custom()) {
      all.add(isLower ? word.toLowerCase(Locale.ROOT) : word);
    }
    for (String language : words.languages()) {
      all.addAll(READ.computeIfAbsent(language, StopWordLists::read));
    }
    return all;
  }

  private static Set<String> read(String language) {
    try (InputStream in = StopWordLists.class.getResourceAsStream(resource(language))) {
      if (in == null) {
        throw new IllegalArgumentException("no stop words of " + language);
      }
      return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
          .lines()
          .filter(line -> !line.startsWith("#"))
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException("stop words of " + language + " do not read", e);
    }
  }

  static String resource(String language) {
    return "stopwords/" + language + ".txt";
  }
}
