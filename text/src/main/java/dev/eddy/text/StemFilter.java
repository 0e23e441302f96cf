package dev.eddy.text;

import java.io.IOException;
import java.util.Locale;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/**
 * Stems of the Snowball algorithms as the contract's engine has them: those of Lucene, which has
 * younger algorithms, of words disguised where the younger ones go other ways.
 */
final class StemFilter extends TokenFilter {
  private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
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
  public boolean incrementToken() throws IOException {
    if (!input.incrementToken()) {
      return false;
    }
    if (!disguised.worn.equals(disguised.given)) {
      String stem = StemDisguise.restored(disguised.given, disguised.worn, term.toString());
      term.setEmpty().append(stem);
    }
    return true;
  }

  /** Disguises words, and remembers the last. */
  private static final class Disguised extends TokenFilter {
    private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
    private final StemDisguise disguise;
    private String given = "";
    private String worn = "";

    Disguised(TokenStream words, StemDisguise disguise) {
      super(words);
      this.disguise = disguise;
    }

    @Override
    public boolean incrementToken() throws IOException {
      if (!input.incrementToken()) {
        return false;
      }
      given = disguise.prepared(term.toString());
      worn = disguise.worn(given);
      term.setEmpty().append(worn);
      return true;
    }
  }
}
