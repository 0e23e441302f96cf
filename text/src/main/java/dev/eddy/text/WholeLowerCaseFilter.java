package dev.eddy.text;

import java.util.Locale;
import org.apache.lucene.analysis.TokenStream;

/**
 * Lower case of whole words, unlike Lucene's own filter, which goes letter by letter: a sigma at
 * the end of a word becomes a final one, and a dotted capital I keeps its dot.
 */
final class WholeLowerCaseFilter extends WordFilter {
  WholeLowerCaseFilter(TokenStream words) {
    super(words);
  }

  @Override
  String changed(String word) {
    return word.toLowerCase(Locale.ROOT);
  }
}
