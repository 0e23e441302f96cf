package dev.eddy.text;

import java.io.IOException;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/** Puts another word in the place of each one. */
abstract class WordFilter extends TokenFilter {
  private final CharTermAttribute term = addAttribute(CharTermAttribute.class);

  WordFilter(TokenStream words) {
    super(words);
  }

  /** What a word becomes; itself where nothing is to change. */
  abstract String changed(String word);

  @Override
  public final boolean incrementToken() throws IOException {
    if (!input.incrementToken()) {
      return false;
    }
    String word = term.toString();
    String changed = changed(word);
    if (!changed.equals(word)) {
      term.setEmpty().append(changed);
    }
    return true;
  }
}
