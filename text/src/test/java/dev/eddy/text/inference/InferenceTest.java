package dev.eddy.text.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.eddy.model.collection.TextSettings.StopWords;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.point.Vector;
import dev.eddy.model.usage.InferenceUsage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which documents are served, and what is said of the others. */
final class InferenceTest {
  private static JsonObject options(String json) {
    try {
      return (JsonObject) JsonCodec.parse(json.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Vector.Sparse asked(String text, String options) {
    return Inference.vector(
        new Document(text, Inference.BM25, options(options)), Purpose.ASKED, "query");
  }

  private static EddyException refusal(String model, String options) {
    return catchThrowableOfType(
        EddyException.class,
        () ->
            Inference.vector(
                new Document("a text", model, options(options)), Purpose.STORED, "query"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"qdrant/bm25", "Qdrant/bm25", "Qdrant/BM25", "bm25"})
  void theModelIsKnownByItsNamesInAnyCase(String model) {
    assertThat(
            Inference.vector(
                new Document("Hello", model, JsonObject.EMPTY), Purpose.ASKED, "query"))
        .isEqualTo(new Vector.Sparse(new int[] {613_153_351}, new float[] {1}));
  }

  @Test
  void tokensAreCountedAsTheLengthOfATextIs() {
    InferenceUsage usage = new InferenceUsage();
    usage.during(() ->
        Inference.vector(
            new Document("The river runs to the river", "bm25", JsonObject.EMPTY),
            Purpose.STORED,
            "vector"));
    usage.during(() -> asked("of the", "{}"));
    usage.during(() -> asked("of the", "{\"stopwords\":{}}"));
    // "river", "run" and "river", without stop words; nothing; then both.
    assertThat(usage.tokens()).isEqualTo(Map.of(Inference.BM25, 3L + 0 + 2));
  }

  @Test
  void anotherModelIsRefusedByName() {
    assertThat(refusal("jinaai/jina", "{\"anything\":[1]}"))
        .returns(ErrorCode.INFERENCE, EddyException::code)
        .hasMessage(
            "Inference error: query: model \"jinaai/jina\" is not served; there is qdrant/bm25, for"
                + " texts");
    assertThat(refusal("m".repeat(1_000), "{}").text()).hasSizeLessThan(250);
  }

  @Test
  void anImageIsRefused() {
    assertThat(Inference.unsupported("points[0].vector", "image"))
        .hasMessage(
            "Inference error: points[0].vector: an image can't be made a vector; there is"
                + " qdrant/bm25, for texts");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"k":-0.1}                    | k: value -0.1 invalid, must be 0.0 or larger
          {"k":"x"}                     | k: must be a number
          {"b":1.5}                     | b: value 1.5 invalid, must be from 0.0 to 1.0
          {"b":-1}                      | b: value -1.0 invalid, must be from 0.0 to 1.0
          {"avg_len":0}                 | avg_len: value 0.0 invalid, must be larger than 0.0
          {"tokenizer":"x"}             | tokenizer: "x" is not known
          {"tokenizer":1}               | tokenizer: must be a string
          {"language":"klingon"}        | language: "klingon" is not known
          {"lowercase":"yes"}           | lowercase: must be true or false
          {"ascii_folding":1}           | ascii_folding: must be true or false
          {"stopwords":"klingon"}       | stopwords: "klingon" is not known
          {"stopwords":[1]}             | stopwords: must be a language or an object of languages and custom
          {"stopwords":{"custom":"a"}}  | stopwords.custom: must be a list
          {"stopwords":{"custom":[1]}}  | stopwords.custom[0]: must be a string
          {"stemmer":"none"}            | stemmer: must be an object
          {"stemmer":{}}                | stemmer.type: must be snowball or none
          {"stemmer":{"type":"snowball"}}                       | stemmer.language: "" is not known
          {"stemmer":{"type":"snowball","language":"klingon"}}  | stemmer.language: "klingon" is not known
          {"min_token_len":-1}          | min_token_len: must be a whole number, 0 or larger
          {"max_token_len":1.5}         | max_token_len: must be a whole number, 0 or larger
          """)
  void anOptionThatBreaksItsRuleIsNamed(String options, String why) {
    assertThat(refusal(Inference.BM25, options))
        .returns(ErrorCode.INFERENCE, EddyException::code)
        .hasMessage("Inference error: query.options." + why);
  }

  @Test
  void everyLanguageOfTheListsMayBeTheDefault() {
    for (String language : StopWords.LANGUAGES) {
      String stopWords =
          "{\"stopwords\":\"%s\",\"stemmer\":{\"type\":\"none\"}}".formatted(language);
      assertThat(asked("running", "{\"language\":\"%s\"}".formatted(language)).indices())
          .hasSize(1);
      assertThat(asked("qqq", stopWords)).isEqualTo(asked("qqq", "{\"language\":\"none\"}"));
    }
  }

  @Test
  void noLanguageIsNoStopWordAndNoStem() {
    assertThat(asked("the running", "{\"language\":\"none\"}"))
        .isEqualTo(asked("the running", "{\"stemmer\":{\"type\":\"none\"},\"stopwords\":{}}"))
        .isNotEqualTo(asked("the running", "{}"));
  }

  @Test
  void aLanguageMayHaveAStemmerAlone() {
    assertThat(asked("the ուսուցիչները մարդկանց", "{\"language\":\"armenian\"}"))
        .isEqualTo(
            asked(
                "the ուսուցիչները մարդկանց",
                "{\"stopwords\":{},\"stemmer\":{\"type\":\"snowball\",\"language\":\"armenian\"}}"))
        .isNotEqualTo(asked("the ուսուցիչները մարդկանց", "{\"language\":\"none\"}"));
  }

  @Test
  void nullIsNotGivenAndWhatIsNotKnownHasNoEffect() {
    assertThat(
            asked(
                "the running",
                "{\"k\":null,\"tokenizer\":null,\"stopwords\":null,\"stemmer\":null,\"language\":null,"
                    + "\"lowercase\":null,\"min_token_len\":null,\"threads\":4}"))
        .isEqualTo(asked("the running", "{}"));
  }

  @Test
  void modelsAreKeptWithinBounds() {
    Bm25Models models = new Bm25Models();
    for (int i = 1; i <= 100; i++) {
      Bm25Options options = new Bm25OptionsReader("").read(options("{\"avg_len\":" + i + "}"));
      assertThat(models.of(options)).isSameAs(models.of(options));
      assertThat(models.kept()).isBetween(1, 64);
    }
    Bm25Options large =
        new Bm25OptionsReader("")
            .read(options("{\"stopwords\":{\"custom\":[\"" + "x".repeat(20_000) + "\"]}}"));
    int kept = models.kept();
    assertThat(models.of(large)).isNotSameAs(models.of(large));
    assertThat(models.kept()).isEqualTo(kept);
  }
}
