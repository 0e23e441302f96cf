package dev.eddy.text;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Letters that are exchanged for others, one for one, while a word is stemmed: younger Snowball
 * algorithms treat them in ways that older ones, those of the contract's engine, don't know. As
 * stemmers cut endings, a letter that is still there afterwards stands where it stood. Immutable,
 * thread-safe.
 */
final class StemDisguise {
  /** No algorithm knows it: neither a vowel nor part of an ending. */
  private static final char STRANGER = '\uE000';

  private static final StemDisguise NONE = new StemDisguise();

  private static final Map<String, StemDisguise> BY_LANGUAGE =
      Map.of(
          // Short words keep both consonants nowadays: "adding" was "ad".
          "english", new StemDisguise(rule("^([aeo])(?=([bdfgmnprt])\\2(?:ed|ing))", 'u')),
          // These were vowels without a further meaning, but for the end of "ambiguë".
          "french", new StemDisguise(rule("(ï|ë(?<!guë(?=s?$)))", 'û')),
          // "ae", "oe" and "ue" were not umlauts, and "system" was none of a kind.
          "german",
              new StemDisguise(
                  rule("([ao])(?=e)", 'i'),
                  rule("(?<![aeiouyäöüq])(u)(?=e)", 'i'),
                  rule("(?<=s)(y)(?=stem)", 'i')),
          // Only the letters with a cedilla were known, which are read as those with a comma now.
          "romanian",
              new StemDisguise(rule("([șț])", STRANGER), rule("(ş)", 'ș'), rule("(ţ)", 'ț')),
          // It was no "е".
          "russian", new StemDisguise(rule("(ё)", STRANGER)),
          // Of "-öst" only "-löst" was an ending, where it is not part of the word's beginning.
          "swedish",
              new StemDisguise(
                  rule("(?<!l)(ö)(?=st)", 'ä'),
                  rule("^(?:.{0,2}|[^aeiouyäåö]*[aeiouyäåö]+)l(ö)(?=st)", 'ä')));

  private final List<Rule> rules;

  private StemDisguise(Rule... rules) {
    this.rules = List.of(rules);
  }

  static StemDisguise of(String language) {
    return BY_LANGUAGE.getOrDefault(language, NONE);
  }

  boolean isNone() {
    return rules.isEmpty();
  }

  /** The word as long as its disguise: a sharp s is two letters to the German algorithms. */
  String prepared(String word) {
    return this == BY_LANGUAGE.get("german") ? word.replace("ß", "ss") : word;
  }

  /** The word with its letters exchanged, as long as it was. */
  String worn(String word) {
    StringBuilder worn = new StringBuilder(word);
    for (Rule rule : rules) {
      for (Matcher matcher = rule.letter.matcher(word); matcher.find(); ) {
        worn.setCharAt(matcher.start(1), rule.instead);
      }
    }
    return worn.toString();
  }

  /** The stem with the letters of the word where those of the disguise are left. */
  static String restored(String word, String worn, String stem) {
    StringBuilder restored = new StringBuilder(stem);
    for (int at = 0; at < Math.min(stem.length(), worn.length()); at++) {
      if (stem.charAt(at) == worn.charAt(at)) {
        restored.setCharAt(at, word.charAt(at));
      }
    }
    return restored.toString();
  }

  private static Rule rule(String letter, char instead) {
    return new Rule(Pattern.compile(letter), instead);
  }

  /** Which letter, the pattern's first group, is exchanged for which. */
  private record Rule(Pattern letter, char instead) {}
}
