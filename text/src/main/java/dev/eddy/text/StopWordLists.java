package dev.eddy.text;

import dev.eddy.model.collection.TextSettings.StopWords;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.WordlistLoader;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.bn.BengaliAnalyzer;
import org.apache.lucene.analysis.ca.CatalanAnalyzer;
import org.apache.lucene.analysis.el.GreekAnalyzer;
import org.apache.lucene.analysis.eu.BasqueAnalyzer;
import org.apache.lucene.analysis.ne.NepaliAnalyzer;
import org.apache.lucene.analysis.ro.RomanianAnalyzer;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.tr.TurkishAnalyzer;

/** Common words by language, as Lucene has them. */
final class StopWordLists {
  private static final Map<String, Supplier<CharArraySet>> ANALYZERS =
      Map.of(
          "arabic", ArabicAnalyzer::getDefaultStopSet,
          "basque", BasqueAnalyzer::getDefaultStopSet,
          "bengali", BengaliAnalyzer::getDefaultStopSet,
          "catalan", CatalanAnalyzer::getDefaultStopSet,
          "greek", GreekAnalyzer::getDefaultStopSet,
          "nepali", NepaliAnalyzer::getDefaultStopSet,
          "romanian", RomanianAnalyzer::getDefaultStopSet,
          "turkish", TurkishAnalyzer::getDefaultStopSet);

  private StopWordLists() {}

  /**
   * Every word that is left out.
   *
   * @param isLower whether tokens are lower case when they are compared: then custom words are, too
   */
  static Set<String> all(StopWords words, boolean isLower) {
    Set<String> all = new HashSet<>();
    for (String word : words.custom()) {
      all.add(isLower ? word.toLowerCase(Locale.ROOT) : word);
    }
    for (String language : words.languages()) {
      for (Object word : list(language)) {
        all.add(new String((char[]) word));
      }
    }
    return all;
  }

  private static CharArraySet list(String language) {
    Supplier<CharArraySet> known = ANALYZERS.get(language);
    return known == null ? snowball(language) : known.get();
  }

  private static CharArraySet snowball(String language) {
    String resource = language + "_stop.txt";
    try (InputStream in = SnowballFilter.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException("no stop words of " + language);
      }
      return WordlistLoader.getSnowballWordSet(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("stop words of " + language + " do not read", e);
    }
  }
}
