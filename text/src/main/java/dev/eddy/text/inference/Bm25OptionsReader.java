package dev.eddy.text.inference;

import dev.eddy.model.collection.TextSettings;
import dev.eddy.model.collection.TextSettings.StopWords;
import dev.eddy.model.collection.TextSettings.Tokenizer;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonArray;
import dev.eddy.model.json.JsonValue.JsonBoolean;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonNull;
import dev.eddy.model.json.JsonValue.JsonNumber;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.JsonValue.JsonString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/**
 * Options as clients write them: the contract's {@code Bm25Config}. Null is the same as not given;
 * what is not known has no effect, as in the contract, since clients send options of other models'
 * implementations along.
 */
final class Bm25OptionsReader {
  private final String path;

  /**
   * Reads options.
   *
   * @param path of the options in the request
   */
  Bm25OptionsReader(String path) {
    this.path = path;
  }

  /**
   * The options, with the contract's defaults; {@link EddyException} INFERENCE says what breaks.
   */
  Bm25Options read(JsonObject options) {
    return new Bm25Options(
        number(options, "k", Bm25Options.K_DEFAULT, k -> k >= 0, "must be 0.0 or larger"),
        number(
            options, "b", Bm25Options.B_DEFAULT, b -> b >= 0 && b <= 1, "must be from 0.0 to 1.0"),
        number(
            options,
            "avg_len",
            Bm25Options.AVERAGE_LENGTH_DEFAULT,
            length -> length > 0,
            "must be larger than 0.0"),
        text(options));
  }

  private TextSettings text(JsonObject options) {
    JsonValue tokenizer = given(options, "tokenizer");
    JsonValue language = given(options, "language");
    DefaultLanguage byDefault =
        language == null
            ? DefaultLanguage.ENGLISH
            : DefaultLanguage.of(string(language, "language"))
                .orElseThrow(() -> unknown("language", string(language, "language")));
    JsonValue stopWords = given(options, "stopwords");
    JsonValue stemmer = given(options, "stemmer");
    return new TextSettings(
        tokenizer == null ? Tokenizer.WORD : tokenizer(string(tokenizer, "tokenizer")),
        length(options, "min_token_len"),
        length(options, "max_token_len"),
        flag(options, "lowercase"),
        flag(options, "ascii_folding"),
        null,
        stopWords == null ? defaultStopWords(byDefault) : stopWords(stopWords),
        stemmer == null ? byDefault.stemmer() : stemmer(stemmer));
  }

  private StopWords defaultStopWords(DefaultLanguage language) {
    String name = language.stopWords();
    return new StopWords(false, name == null ? List.of() : List.of(name), List.of());
  }

  private static @Nullable JsonValue given(JsonObject object, String name) {
    JsonValue value = object.members().get(name);
    return value instanceof JsonNull ? null : value;
  }

  private double number(
      JsonObject options, String name, double otherwise, DoublePredicate rule, String ruleText) {
    JsonValue value = given(options, name);
    if (value == null) {
      return otherwise;
    }
    if (!(value instanceof JsonNumber number)) {
      throw wrong(name, "must be a number");
    }
    double given = number.asDouble();
    if (!Double.isFinite(given) || !rule.test(given)) {
      throw wrong(name, "value %s invalid, %s".formatted(given, ruleText));
    }
    return given;
  }

  private @Nullable Integer length(JsonObject options, String name) {
    JsonValue value = given(options, name);
    if (value == null) {
      return null;
    }
    if (value instanceof JsonLong(long length) && length >= 0) {
      return (int) Math.min(length, Integer.MAX_VALUE);
    }
    throw wrong(name, "must be a whole number, 0 or larger");
  }

  private @Nullable Boolean flag(JsonObject options, String name) {
    JsonValue value = given(options, name);
    if (value == null) {
      return null;
    }
    if (value instanceof JsonBoolean(boolean flag)) {
      return flag;
    }
    throw wrong(name, "must be true or false");
  }

  private Tokenizer tokenizer(String name) {
    return Arrays.stream(Tokenizer.values())
        .filter(each -> each.apiName().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown("tokenizer", name));
  }

  private StopWords stopWords(JsonValue value) {
    if (value instanceof JsonString(String language)) {
      return new StopWords(false, List.of(listed(language)), List.of());
    }
    if (!(value instanceof JsonObject set)) {
      throw wrong("stopwords", "must be a language or an object of languages and custom");
    }
    return new StopWords(
        false,
        strings(set, "languages").stream().map(this::listed).toList(),
        strings(set, "custom"));
  }

  private List<String> strings(JsonObject set, String name) {
    JsonValue value = given(set, name);
    String place = "stopwords." + name;
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof JsonArray(List<JsonValue> elements))) {
      throw wrong(place, "must be a list");
    }
    List<String> strings = new ArrayList<>(elements.size());
    elements.forEach(element -> strings.add(string(element, place + "[" + strings.size() + "]")));
    return strings;
  }

  /** The language, if there are stop words of it. */
  private String listed(String language) {
    if (!StopWords.LANGUAGES.contains(language)) {
      throw unknown("stopwords", language);
    }
    return language;
  }

  private String stemmer(JsonValue value) {
    if (!(value instanceof JsonObject stemmer)) {
      throw wrong("stemmer", "must be an object");
    }
    JsonValue type = given(stemmer, "type");
    return switch (type == null ? "" : string(type, "stemmer.type")) {
      case TextSettings.NO_STEMMER -> TextSettings.NO_STEMMER;
      case "snowball" -> {
        JsonValue given = given(stemmer, "language");
        String language = given == null ? "" : string(given, "stemmer.language");
        if (!TextSettings.STEMMER_LANGUAGES.contains(language)) {
          throw unknown("stemmer.language", language);
        }
        yield language;
      }
      default -> throw wrong("stemmer.type", "must be snowball or none");
    };
  }

  private String string(JsonValue value, String name) {
    if (value instanceof JsonString(String text)) {
      return text;
    }
    throw wrong(name, "must be a string");
  }

  private EddyException unknown(String name, String value) {
    return wrong(name, "\"%s\" is not known".formatted(Inference.shortened(value)));
  }

  private EddyException wrong(String name, String why) {
    return EddyException.inference(path + "." + name, why);
  }
}
