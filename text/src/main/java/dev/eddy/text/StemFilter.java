package dev.eddy.text;

import java.util.Locale;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.snowball.SnowballFilter;

/**
 * Stems of the Snowball algorithms as the contract's engine has them: those of Lucene, which has
 * younger algorithms, of words disguised where the younger ones go other ways.
 */
final class StemFilter extends WordFilter {
  private final Disguised disguised;

  private StemFilter(SnowballFilter stems, Disguised disguised) {
    super(stems);
    this.disguised = disguised;
  }

  /**
   * Stems what comes.
   *
   * @param language of the contract's list of stemmers
   */
  static TokenStream of(TokenStream words, String language) {
    String name = language.substring(0, 1).toUpperCase(Locale.ROOT) + language.substring(1);
    StemDisguise disguise = StemDisguise.of(language);
    if (disguise.isNone()) {
      return new SnowballFilter(words, name);
    }
    Disguised disguised = new Disguised(words, disguise);
    return new StemFilter(new SnowballFilter(disguised, name), disguised);
  }

  @Override
  String changed(String stem) {
    return disguised.worn.equals(disguised.given)
        ? stem
        : StemDisguise.restored(disguised.given, disguised.worn, stem);
  }

  /** Disguises words, and remembers the last. */
  private static final class Disguised extends WordFilter {
    private final StemDisguise disguise;
    private String given = "";
    private String worn = "";

    Disguised(TokenStream words, StemDisguise disguise) {
      super(words);
      this.disguise = disguise;
    }

    @Override
    String changed(String word) {
      given = disguise.prepared(word);
      worn = disguise.worn(given);
      return worn;
    }
  }
}
