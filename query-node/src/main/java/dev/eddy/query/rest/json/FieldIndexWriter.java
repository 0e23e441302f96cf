package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.TextSettings;
import dev.eddy.model.collection.TextSettings.StopWords;
import dev.eddy.query.collection.CollectionInfo;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Declared payload fields in answers. */
final class FieldIndexWriter {
  private FieldIndexWriter() {}

  static void schema(JsonGenerator generator, CollectionInfo info) throws IOException {
    generator.writeStartObject();
    for (Map.Entry<String, FieldIndex> entry : info.spec().payloadIndexes().entrySet()) {
      FieldIndex index = entry.getValue();
      generator.writeObjectFieldStart(entry.getKey());
      generator.writeStringField("data_type", index.type().apiName());
      if (!index.isBare()) {
        generator.writeFieldName("params");
        params(generator, index);
      }
      generator.writeNumberField("points", info.fieldPoints().getOrDefault(entry.getKey(), 0L));
      generator.writeEndObject();
    }
    generator.writeEndObject();
  }

  private static void params(JsonGenerator generator, FieldIndex index) throws IOException {
    generator.writeStartObject();
    generator.writeStringField("type", index.type().apiName());
    if (index.text() != null) {
      text(generator, index.text());
    }
    flag(generator, "lookup", index.lookup());
    flag(generator, "range", index.range());
    flag(generator, "is_tenant", index.isTenant());
    flag(generator, "is_principal", index.isPrincipal());
    flag(generator, "on_disk", index.onDisk());
    if (index.memory() != null) {
      generator.writeStringField("memory", index.memory());
    }
    flag(generator, "enable_hnsw", index.enableHnsw());
    flag(generator, "prefix", index.prefix());
    generator.writeEndObject();
  }

  private static void text(JsonGenerator generator, TextSettings text) throws IOException {
    generator.writeStringField("tokenizer", text.tokenizer().apiName());
    number(generator, "min_token_len", text.minTokenLength());
    number(generator, "max_token_len", text.maxTokenLength());
    flag(generator, "lowercase", text.lowercase());
    flag(generator, "ascii_folding", text.asciiFolding());
    flag(generator, "phrase_matching", text.phraseMatching());
    StopWords words = text.stopWords();
    if (words != null && words.isBare()) {
      generator.writeStringField("stopwords", words.languages().getFirst());
    } else if (words != null) {
      generator.writeObjectFieldStart("stopwords");
      texts(generator, "languages", words.languages());
      texts(generator, "custom", words.custom());
      generator.writeEndObject();
    }
    String stemmer = text.stemmer();
    if (stemmer != null) {
      generator.writeObjectFieldStart("stemmer");
      if (stemmer.equals(TextSettings.NO_STEMMER)) {
        generator.writeStringField("type", "none");
      } else {
        generator.writeStringField("type", "snowball");
        generator.writeStringField("language", stemmer);
      }
      generator.writeEndObject();
    }
  }

  private static void texts(JsonGenerator generator, String field, List<String> texts)
      throws IOException {
    if (!texts.isEmpty()) {
      generator.writeArrayFieldStart(field);
      for (String text : texts) {
        generator.writeString(text);
      }
      generator.writeEndArray();
    }
  }

  private static void flag(JsonGenerator generator, String field, @Nullable Boolean value)
      throws IOException {
    if (value != null) {
      generator.writeBooleanField(field, value);
    }
  }

  private static void number(JsonGenerator generator, String field, @Nullable Integer value)
      throws IOException {
    if (value != null) {
      generator.writeNumberField(field, value);
    }
  }
}
