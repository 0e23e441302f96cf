package dev.eddy.proto.qdrant.mapping;

import dev.eddy.model.collection.TextSettings;
import dev.eddy.model.collection.TextSettings.StopWords;
import dev.eddy.model.collection.TextSettings.Tokenizer;
import dev.eddy.model.error.EddyException;
import dev.eddy.proto.qdrant.DisabledStemmer;
import dev.eddy.proto.qdrant.SnowballParams;
import dev.eddy.proto.qdrant.StemmingAlgorithm;
import dev.eddy.proto.qdrant.StopwordsSet;
import dev.eddy.proto.qdrant.TextIndexParams;
import dev.eddy.proto.qdrant.TokenizerType;

/** How texts of a declared field become tokens, as clients give and see it. */
final class QdrantTexts {
  private static final String PLACE = "field_index_params.text_index_params";

  private QdrantTexts() {}

  static TextSettings settings(TextIndexParams message) {
    return new TextSettings(
        tokenizer(message.getTokenizer()),
        message.hasMinTokenLen()
            ? (Integer) Rules.setting(0, message.getMinTokenLen(), PLACE + ".min_token_len")
            : null,
        message.hasMaxTokenLen()
            ? (Integer) Rules.setting(0, message.getMaxTokenLen(), PLACE + ".max_token_len")
            : null,
        message.hasLowercase() ? (Boolean) message.getLowercase() : null,
        message.hasAsciiFolding() ? (Boolean) message.getAsciiFolding() : null,
        message.hasPhraseMatching() ? (Boolean) message.getPhraseMatching() : null,
        message.hasStopwords() ? stopWords(message.getStopwords()) : null,
        message.hasStemmer() ? stemmer(message.getStemmer()) : null);
  }

  private static Tokenizer tokenizer(TokenizerType message) {
    return switch (message) {
      case Prefix -> Tokenizer.PREFIX;
      case Whitespace -> Tokenizer.WHITESPACE;
      case Word -> Tokenizer.WORD;
      case Multilingual -> Tokenizer.MULTILINGUAL;
      case Unknown -> throw Rules.unset(PLACE + ".tokenizer");
      case UNRECOGNIZED -> throw Rules.unrecognized(PLACE + ".tokenizer");
    };
  }

  private static StopWords stopWords(StopwordsSet message) {
    for (String language : message.getLanguagesList()) {
      checkKnown(StopWords.LANGUAGES.contains(language), "stopwords.languages", language);
    }
    return new StopWords(false, message.getLanguagesList(), message.getCustomList());
  }

  private static String stemmer(StemmingAlgorithm message) {
    return switch (message.getStemmingParamsCase()) {
      case SNOWBALL -> {
        String language = message.getSnowball().getLanguage();
        checkKnown(
            TextSettings.STEMMER_LANGUAGES.contains(language),
            "stemmer.snowball.language",
            language);
        yield language;
      }
      case DISABLED -> TextSettings.NO_STEMMER;
      case STEMMINGPARAMS_NOT_SET -> throw Rules.unset(PLACE + ".stemmer");
    };
  }

  private static void checkKnown(boolean isKnown, String field, String language) {
    if (!isKnown) {
      throw EddyException.wrongInput(
          "%s.%s: language \"%s\" is not known".formatted(PLACE, field, language));
    }
  }

  static TextIndexParams.Builder params(TextSettings settings) {
    TextIndexParams.Builder builder =
        TextIndexParams.newBuilder()
            .setTokenizer(
                switch (settings.tokenizer()) {
                  case PREFIX -> TokenizerType.Prefix;
                  case WHITESPACE -> TokenizerType.Whitespace;
                  case WORD -> TokenizerType.Word;
                  case MULTILINGUAL -> TokenizerType.Multilingual;
                });
    Given.setLong(settings.minTokenLength(), builder::setMinTokenLen);
    Given.setLong(settings.maxTokenLength(), builder::setMaxTokenLen);
    Given.set(settings.lowercase(), builder::setLowercase);
    Given.set(settings.asciiFolding(), builder::setAsciiFolding);
    Given.set(settings.phraseMatching(), builder::setPhraseMatching);
    Given.set(
        settings.stopWords(),
        words ->
            builder.setStopwords(
                StopwordsSet.newBuilder()
                    .addAllLanguages(words.languages())
                    .addAllCustom(words.custom())));
    Given.set(settings.stemmer(), stemmer -> builder.setStemmer(stemmer(stemmer)));
    return builder;
  }

  private static StemmingAlgorithm stemmer(String stemmer) {
    return stemmer.equals(TextSettings.NO_STEMMER)
        ? StemmingAlgorithm.newBuilder().setDisabled(DisabledStemmer.getDefaultInstance()).build()
        : StemmingAlgorithm.newBuilder()
            .setSnowball(SnowballParams.newBuilder().setLanguage(stemmer))
            .build();
  }
}
