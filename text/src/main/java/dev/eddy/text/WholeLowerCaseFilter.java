package dev.eddy.text;

import java.io.IOException;
import java.util.Locale;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/**
 * Lower case of whole words, unlike Lucene's own filter, which goes letter by letter: a sigma at
 * the end of a word becomes a final one, and a dotted capital I keeps its dot.
 */
final class WholeLowerCaseFilter extends TokenFilter {
  private final CharTermAttribute term = addAttribute(CharTermAttribute.class);

  WholeLowerCaseFilter(TokenStream input) {
    super(input);
  }

  @Override
  public boolean incrementToken() throws IOException {
    if (!input.incrementToken()) {
      return false;
    }
    String word = term.toString();
    String lower = word.toLowerCase(Locale.ROOT);
    if (!lower.equals(word)) {
      term.setEmpty().append(lower);
    }
    return true;
  }
}
