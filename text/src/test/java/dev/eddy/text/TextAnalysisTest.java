package dev.eddy.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.collection.TextSettings;
import dev.eddy.model.collection.TextSettings.StopWords;
import dev.eddy.model.collection.TextSettings.Tokenizer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** What the contract says of texts, with the words written out. */
final class TextAnalysisTest {
  static final List<String> stemmers = TextSettings.STEMMER_LANGUAGES;
  static final List<String> languages = StopWords.LANGUAGES;

  private static TextAnalysis of(Tokenizer tokenizer) {
    return TextAnalysis.of(settings(tokenizer, null, null, null, null, null));
  }

  private static TextSettings settings(
      Tokenizer tokenizer,
      @Nullable Integer min,
      @Nullable Integer max,
      @Nullable Boolean folding,
      @Nullable StopWords words,
      @Nullable String stemmer) {
    return new TextSettings(tokenizer, min, max, null, folding, true, words, stemmer);
  }

  @Test
  void wordsEndAtEverythingThatIsNeitherLetterNorNumber() {
    assertThat(of(Tokenizer.WORD).storedTokens("Don't re-read E4, größe_x 3½!"))
        .containsExactly("don", "t", "re", "read", "e4", "größe", "x", "3½");
  }

  @Test
  void whitespaceKeepsTheRest() {
    assertThat(of(Tokenizer.WHITESPACE).storedTokens(" Don't\u00a0re-read\tE4,\u3000x"))
        .containsExactly("don't", "re-read", "e4,", "x");
  }

  @Test
  void scriptsWithoutBlanksAreCut() {
    assertThat(of(Tokenizer.MULTILINGUAL).storedTokens("Hello 今天天气 สวัสดีครับ"))
        .hasSizeGreaterThan(3)
        .startsWith("hello");
  }

  @Test
  void aLongWordIsOneToken() {
    String word = "x".repeat(5_000);
    assertThat(of(Tokenizer.WORD).storedTokens(word + " y")).containsExactly(word, "y");
  }

  @Test
  void theChainFoldsLowersStopsStemsAndBounds() {
    StopWords words = new StopWords(false, List.of("english"), List.of("CAFE"));
    TextAnalysis analysis = TextAnalysis.of(settings(Tokenizer.WORD, 2, 6, true, words, "english"));
    // "The" is a stop word after it was lowered, "Café" after it was folded; "a" is too short and
    // "understand" too long when stemmed.
    assertThat(analysis.storedTokens("The Café x runs Running understandable in Ünited"))
        .containsExactly("run", "run", "unit");
  }

  @Test
  void boundsCountCharacters() {
    TextAnalysis analysis = TextAnalysis.of(settings(Tokenizer.WORD, 2, 3, null, null, null));
    assertThat(analysis.storedTokens("𝒂 𝒂𝒃 𝒂𝒃𝒄 𝒂𝒃𝒄𝒅")).containsExactly("𝒂𝒃", "𝒂𝒃𝒄");
  }

  @Test
  void everyTokenHasToBeThere() {
    TextAnalysis analysis = of(Tokenizer.WORD);
    assertThat(analysis.all("good cheap").test(List.of("Cheap, and GOOD"))).isTrue();
    assertThat(analysis.all("good cheap").test(List.of("good"))).isFalse();
    assertThat(analysis.all("good cheap").test(List.of("good", "x", "cheap"))).isTrue();
    assertThat(analysis.all("oo").test(List.of("good"))).isFalse();
    assertThat(analysis.all(" ,").test(List.of("good"))).isFalse();
    assertThat(analysis.any("good cheap").test("cheaper good")).isTrue();
    assertThat(analysis.any("bad").test("good")).isFalse();
    assertThat(analysis.any("").test("good")).isFalse();
  }

  @Test
  void aPhraseIsInOrderAndSideBySideWhereItWasDeclared() {
    TextAnalysis analysis = of(Tokenizer.WORD);
    assertThat(analysis.phrase("brown fox").test("the Brown, fox")).isTrue();
    assertThat(analysis.phrase("brown fox").test("fox brown")).isFalse();
    assertThat(analysis.phrase("brown fox").test("brown big fox")).isFalse();
    assertThat(TextAnalysis.of(TextSettings.DEFAULT).phrase("brown fox").test("brown fox"))
        .isFalse();
  }

  @Test
  void aPhraseOfPrefixesHasAllOfThemInOrder() {
    TextAnalysis analysis = TextAnalysis.of(settings(Tokenizer.PREFIX, 2, null, null, null, null));
    assertThat(analysis.phrase("red green").test("a red green sea")).isTrue();
    assertThat(analysis.phrase("red gr").test("red green")).isTrue();
    // The tokens between "re" and "green" are there in the text, but not in the phrase.
    assertThat(analysis.phrase("re green").test("red green")).isFalse();
    assertThat(analysis.phrase("red green").test("red blue green")).isFalse();
  }

  @Test
  void everyBeginningIsATokenOfPrefixes() {
    StopWords words = new StopWords(false, List.of(), List.of("th"));
    TextAnalysis analysis = TextAnalysis.of(settings(Tokenizer.PREFIX, 2, 4, null, words, null));
    assertThat(analysis.storedTokens("Robot")).containsExactly("ro", "rob", "robo");
    assertThat(analysis.all("rob").test(List.of("a robot"))).isTrue();
    // What is asked for is cut to the longest beginning, and may be a stop word.
    assertThat(analysis.all("robotic").test(List.of("robot"))).isTrue();
    assertThat(analysis.all("th").test(List.of("thing"))).isTrue();
    // Too short to be asked for.
    assertThat(analysis.all("r").test(List.of("robot"))).isFalse();
    assertThat(analysis.all("r rob").test(List.of("robot"))).isTrue();
  }

  @ParameterizedTest
  @FieldSource("stemmers")
  void thereIsAStemmerOf(String language) {
    assertThat(
            TextAnalysis.of(settings(Tokenizer.WORD, null, null, null, null, language))
                .storedTokens("a"))
        .isNotNull();
  }

  @ParameterizedTest
  @FieldSource("languages")
  void thereAreStopWordsOf(String language) {
    assertThat(StopWordLists.all(new StopWords(true, List.of(language), List.of()), true))
        .hasSizeGreaterThan(50)
        .allMatch(word -> word.strip().equals(word) && !word.isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "arabic, منذ, قلب, 696",
    "azerbaijani, üçün, kitab, 164",
    "basque, zuen, liburu, 231",
    "bengali, এবং, নদী, 398",
    "catalan, amb, llibre, 277",
    "chinese, 因为, 天气, 841",
    "danish, ikke, bog, 94",
    "dutch, niet, boek, 101",
    "english, just, would, 179",
    "finnish, mutta, kirja, 229",
    "french, avec, livre, 157",
    "german, nicht, buch, 232",
    "greek, και, βιβλίο, 265",
    "hebrew, של, ספר, 185",
    "hinglish, kyunki, kitaab, 1036",
    "hungarian, hogy, könyv, 198",
    "indonesian, yang, buku, 757",
    "italian, sono, libro, 279",
    "japanese, これ, 天気, 147",
    "kazakh, емес, кітап, 275",
    "nepali, पनि, नदी, 253",
    "norwegian, ikke, bok, 172",
    "portuguese, não, livro, 207",
    "romanian, pentru, carte, 356",
    "russian, чтобы, книга, 151",
    "slovene, zakaj, knjiga, 1784",
    "spanish, pero, libro, 313",
    "swedish, inte, bok, 114",
    "tajik, барои, китоб, 104",
    "turkish, için, kitap, 53"
  })
  void theListsAreThoseOfTheContractsEngine(String language, String in, String out, int size) {
    assertThat(StopWordLists.all(new StopWords(true, List.of(language), List.of()), true))
        .hasSize(size)
        .contains(in)
        .doesNotContain(out);
  }

  @Test
  void everyLanguageHasItsSample() {
    assertThat(languages).hasSize(30).isSorted();
  }
}
