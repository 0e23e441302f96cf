package dev.eddy.query.rest.json;

import dev.eddy.model.collection.TextSettings;
import dev.eddy.model.collection.TextSettings.StopWords;
import dev.eddy.model.collection.TextSettings.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How texts of a declared field become tokens. */
final class TextSettingsReader {
  private static final List<String> TOKENIZERS =
      Arrays.stream(Tokenizer.values()).map(Tokenizer::apiName).toList();

  private final JsonBody body;
  private Tokenizer tokenizer = Tokenizer.WORD;
  private @Nullable Integer minTokenLength;
  private @Nullable Integer maxTokenLength;
  private @Nullable Boolean lowercase;
  private @Nullable Boolean asciiFolding;
  private @Nullable Boolean phraseMatching;
  private @Nullable StopWords stopWords;
  private @Nullable String stemmer;

  TextSettingsReader(JsonBody body) {
    this.body = body;
  }

  /** Takes a field; false, and nothing is read, when it is not about texts. */
  boolean field(String field) throws IOException {
    switch (field) {
      case "tokenizer" -> tokenizer = Tokenizer.values()[TOKENIZERS.indexOf(body.word(TOKENIZERS))];
      case "min_token_len" -> minTokenLength = body.intAtLeast(0);
      case "max_token_len" -> maxTokenLength = body.intAtLeast(0);
      case "lowercase" -> lowercase = body.bool();
      case "ascii_folding" -> asciiFolding = body.bool();
      case "phrase_matching" -> phraseMatching = body.bool();
      case "stopwords" -> stopWords = stopWords();
      case "stemmer" -> stemmer = stemmer();
      default -> {
        return false;
      }
    }
    return true;
  }

  private StopWords stopWords() throws IOException {
    if (body.isString()) {
      return new StopWords(true, List.of(language()), List.of());
    }
    if (!body.isObject()) {
      throw body.noVariant("StopwordsInterface");
    }
    List<String> languages = new ArrayList<>();
    List<String> custom = new ArrayList<>();
    body.object(
        "StopwordsInterface",
        field -> {
          switch (field) {
            case "languages" -> body.array(() -> languages.add(language()));
            case "custom" -> custom.addAll(body.strings());
            default -> body.skip();
          }
        });
    return new StopWords(false, languages, custom);
  }

  private String language() throws IOException {
    String language = body.string();
    if (!StopWords.LANGUAGES.contains(language)) {
      throw body.noVariant("StopwordsInterface");
    }
    return language;
  }

  private String stemmer() throws IOException {
    var draft =
        new Object() {
          @Nullable String type;
          @Nullable String language;
        };
    body.object(
        "StemmingAlgorithm",
        field -> {
          switch (field) {
            case "type" -> draft.type = body.word(List.of("snowball", "none"));
            case "language" -> draft.language = body.word(TextSettings.STEMMER_LANGUAGES);
            default -> body.skip();
          }
        });
    if (draft.type != null && draft.type.equals("none")) {
      return TextSettings.NO_STEMMER;
    }
    if (draft.type == null || draft.language == null) {
      throw body.noVariant("StemmingAlgorithm");
    }
    return draft.language;
  }

  TextSettings build() {
    return new TextSettings(
        tokenizer,
        minTokenLength,
        maxTokenLength,
        lowercase,
        asciiFolding,
        phraseMatching,
        stopWords,
        stemmer);
  }
}
