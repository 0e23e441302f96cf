package dev.eddy.text;

import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;

/**
 * Folds letters to ASCII by Lucene's table, with the three exceptions of the contract's engine: the
 * capital schwa stays, and two small letters that the table makes a capital G become small.
 */
final class FoldFilter extends WordFilter {
  private static final char CAPITAL_SCHWA = '\u018F';
  private static final String SMALL_GS = "\u01E5\u01E7";

  /** Characters that the table makes of one, at most. */
  private static final int GROWTH = 4;

  FoldFilter(TokenStream words) {
    super(words);
  }

  @Override
  String changed(String word) {
    return word.chars().anyMatch(character -> character > 0x7F) ? folded(word) : word;
  }

  private static String folded(String word) {
    StringBuilder folded = new StringBuilder(word.length());
    char[] one = new char[1];
    char[] made = new char[GROWTH];
    for (char character : word.toCharArray()) {
      if (character == CAPITAL_SCHWA) {
        folded.append(character);
      } else if (SMALL_GS.indexOf(character) >= 0) {
        folded.append('g');
      } else {
        one[0] = character;
        folded.append(made, 0, ASCIIFoldingFilter.foldToASCII(one, 0, made, 0, 1));
      }
    }
    return folded.toString();
  }
}
