package dev.eddy.proto.mapping;

import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.TextSettings;
import dev.eddy.model.collection.TextSettings.StopWords;
import dev.eddy.model.collection.TextSettings.Tokenizer;
import dev.eddy.proto.model.FieldIndexMessage;
import dev.eddy.proto.model.FieldTypeMessage;
import dev.eddy.proto.model.StopWordsMessage;
import dev.eddy.proto.model.TextSettingsMessage;
import dev.eddy.proto.model.TokenizerMessage;

/** Declared payload fields, as messages. */
final class FieldIndexMessages {
  private FieldIndexMessages() {}

  static FieldIndexMessage index(String field, FieldIndex index) {
    FieldIndexMessage.Builder builder =
        FieldIndexMessage.newBuilder()
            .setField(field)
            .setType(type(index.type()))
            .setBare(index.isBare());
    Present.set(index.onDisk(), builder::setOnDisk);
    Present.set(index.memory(), builder::setMemory);
    Present.set(index.enableHnsw(), builder::setEnableHnsw);
    Present.set(index.isTenant(), builder::setTenant);
    Present.set(index.isPrincipal(), builder::setPrincipal);
    Present.set(index.lookup(), builder::setLookup);
    Present.set(index.range(), builder::setRange);
    Present.set(index.prefix(), builder::setPrefix);
    Present.set(index.text(), text -> builder.setText(text(text)));
    return builder.build();
  }

  static FieldIndex index(FieldIndexMessage message) {
    return new FieldIndex(
        type(message.getType()),
        message.getBare(),
        message.hasOnDisk() ? (Boolean) message.getOnDisk() : null,
        message.hasMemory() ? message.getMemory() : null,
        message.hasEnableHnsw() ? (Boolean) message.getEnableHnsw() : null,
        message.hasTenant() ? (Boolean) message.getTenant() : null,
        message.hasPrincipal() ? (Boolean) message.getPrincipal() : null,
        message.hasLookup() ? (Boolean) message.getLookup() : null,
        message.hasRange() ? (Boolean) message.getRange() : null,
        message.hasPrefix() ? (Boolean) message.getPrefix() : null,
        message.hasText() ? text(message.getText()) : null);
  }

  private static FieldTypeMessage type(FieldIndex.Type type) {
    return switch (type) {
      case KEYWORD -> FieldTypeMessage.FIELD_TYPE_KEYWORD;
      case INTEGER -> FieldTypeMessage.FIELD_TYPE_INTEGER;
      case FLOAT -> FieldTypeMessage.FIELD_TYPE_FLOAT;
      case GEO -> FieldTypeMessage.FIELD_TYPE_GEO;
      case TEXT -> FieldTypeMessage.FIELD_TYPE_TEXT;
      case BOOL -> FieldTypeMessage.FIELD_TYPE_BOOL;
      case DATETIME -> FieldTypeMessage.FIELD_TYPE_DATETIME;
      case UUID -> FieldTypeMessage.FIELD_TYPE_UUID;
    };
  }

  private static FieldIndex.Type type(FieldTypeMessage message) {
    return switch (message) {
      case FIELD_TYPE_KEYWORD -> FieldIndex.Type.KEYWORD;
      case FIELD_TYPE_INTEGER -> FieldIndex.Type.INTEGER;
      case FIELD_TYPE_FLOAT -> FieldIndex.Type.FLOAT;
      case FIELD_TYPE_GEO -> FieldIndex.Type.GEO;
      case FIELD_TYPE_TEXT -> FieldIndex.Type.TEXT;
      case FIELD_TYPE_BOOL -> FieldIndex.Type.BOOL;
      case FIELD_TYPE_DATETIME -> FieldIndex.Type.DATETIME;
      case FIELD_TYPE_UUID -> FieldIndex.Type.UUID;
      case FIELD_TYPE_UNSPECIFIED -> throw PointMessages.unset("type of a field");
      case UNRECOGNIZED -> throw new IllegalArgumentException("unknown type of a field");
    };
  }

  private static TextSettingsMessage text(TextSettings text) {
    TextSettingsMessage.Builder builder =
        TextSettingsMessage.newBuilder().setTokenizer(tokenizer(text.tokenizer()));
    Present.set(text.minTokenLength(), builder::setMinTokenLength);
    Present.set(text.maxTokenLength(), builder::setMaxTokenLength);
    Present.set(text.lowercase(), builder::setLowercase);
    Present.set(text.asciiFolding(), builder::setAsciiFolding);
    Present.set(text.phraseMatching(), builder::setPhraseMatching);
    Present.set(text.stopWords(), words -> builder.setStopWords(stopWords(words)));
    Present.set(text.stemmer(), builder::setStemmer);
    return builder.build();
  }

  private static TextSettings text(TextSettingsMessage message) {
    return new TextSettings(
        tokenizer(message.getTokenizer()),
        message.hasMinTokenLength() ? (Integer) message.getMinTokenLength() : null,
        message.hasMaxTokenLength() ? (Integer) message.getMaxTokenLength() : null,
        message.hasLowercase() ? (Boolean) message.getLowercase() : null,
        message.hasAsciiFolding() ? (Boolean) message.getAsciiFolding() : null,
        message.hasPhraseMatching() ? (Boolean) message.getPhraseMatching() : null,
        message.hasStopWords() ? stopWords(message.getStopWords()) : null,
        message.hasStemmer() ? message.getStemmer() : null);
  }

  private static StopWordsMessage stopWords(StopWords words) {
    return StopWordsMessage.newBuilder()
        .setBare(words.isBare())
        .addAllLanguages(words.languages())
        .addAllCustom(words.custom())
        .build();
  }

  private static StopWords stopWords(StopWordsMessage message) {
    return new StopWords(message.getBare(), message.getLanguagesList(), message.getCustomList());
  }

  private static TokenizerMessage tokenizer(Tokenizer tokenizer) {
    return switch (tokenizer) {
      case PREFIX -> TokenizerMessage.TOKENIZER_PREFIX;
      case WHITESPACE -> TokenizerMessage.TOKENIZER_WHITESPACE;
      case WORD -> TokenizerMessage.TOKENIZER_WORD;
      case MULTILINGUAL -> TokenizerMessage.TOKENIZER_MULTILINGUAL;
    };
  }

  private static Tokenizer tokenizer(TokenizerMessage message) {
    return switch (message) {
      case TOKENIZER_PREFIX -> Tokenizer.PREFIX;
      case TOKENIZER_WHITESPACE -> Tokenizer.WHITESPACE;
      case TOKENIZER_WORD -> Tokenizer.WORD;
      case TOKENIZER_MULTILINGUAL -> Tokenizer.MULTILINGUAL;
      case TOKENIZER_UNSPECIFIED -> throw PointMessages.unset("tokenizer");
      case UNRECOGNIZED -> throw new IllegalArgumentException("unknown tokenizer");
    };
  }
}
