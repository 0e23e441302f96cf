package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonToken;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.point.Vector;
import dev.eddy.model.query.Example;
import dev.eddy.model.query.Expression;
import dev.eddy.model.query.Ordering;
import dev.eddy.model.query.Query;
import dev.eddy.model.query.QueryRules;
import dev.eddy.text.inference.Purpose;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a query ranks by: a bare id or vector, or an object that names its kind. A document that is
 * refused leaves no query.
 */
final class QueryKindReader {
  private final JsonBody body;
  private final VectorReader vectors;

  QueryKindReader(JsonBody body, VectorReader vectors) {
    this.body = body;
    this.vectors = vectors;
  }

  /** The value of {@code query}; null when it was refused. */
  @Nullable Query read() throws IOException {
    if (!body.isObject()) {
      return nearest(example());
    }
    String path = body.path();
    Draft draft = new Draft(path);
    body.object("a query", draft::field);
    Query query = draft.query();
    if (query != null) {
      QueryRules.broken(query).forEach(broken -> note(path, broken));
    }
    return query;
  }

  private void note(String path, QueryRules.Broken broken) {
    body.problemAt(path + broken.field(), broken.rule());
    Limit limit = broken.limit();
    if (limit != null) {
      body.exceeded(limit);
    }
  }

  private static Query nearest(Example example) {
    return new Query.Nearest(example, null);
  }

  /** An object in the place of a query, field by field. */
  private final class Draft {
    private final String path;
    private final List<Query> kinds = new ArrayList<>();
    private @Nullable Example nearest;
    private Query.@Nullable Mmr mmr;
    private @Nullable Expression formula;
    private Map<String, JsonValue> defaults = Map.of();
    private int @Nullable [] indices;
    private float @Nullable [] values;
    private @Nullable InferenceReader inference;

    Draft(String path) {
      this.path = path;
    }

    void field(String field) throws IOException {
      switch (field) {
        case "nearest" -> nearest = example();
        case "mmr" -> mmr = mmr();
        case "recommend" -> kinds.add(recommend());
        case "discover" -> kinds.add(discover());
        case "context" -> kinds.add(new Query.Context(pairs()));
        case "order_by" -> kinds.add(new Query.OrderBy(ordering(body)));
        case "fusion" ->
            kinds.add(
                body.word(List.of("rrf", "dbsf")).equals("rrf")
                    ? new Query.Rrf(Query.Rrf.K_DEFAULT, List.of())
                    : Query.Dbsf.DBSF);
        case "rrf" -> kinds.add(rrf());
        case "formula" -> formula = ExpressionReader.read(body);
        case "defaults" -> {
          if (!(body.value() instanceof JsonValue.JsonObject(Map<String, JsonValue> members))) {
            throw body.malformedHere("invalid type, expected a map");
          }
          defaults = members;
        }
        case "sample" -> {
          body.word(List.of("random"));
          kinds.add(Query.Sample.RANDOM);
        }
        case "relevance_feedback" -> kinds.add(feedback());
        case "indices" -> indices = vectors.indices();
        case "values" -> values = vectors.numbersOfArray();
        default -> {
          if (InferenceReader.isField(field)) {
            inference =
                inference == null ? new InferenceReader(body, path, Purpose.ASKED) : inference;
            inference.field(field);
          } else {
            body.skip();
          }
        }
      }
    }

    @Nullable Query query() {
      if (nearest != null) {
        kinds.add(new Query.Nearest(nearest, mmr));
      }
      if (formula != null) {
        kinds.add(new Query.Formula(formula, defaults));
      }
      if (indices != null && values != null) {
        kinds.add(nearest(new Example.ByVector(new Vector.Sparse(indices, values))));
      }
      if (kinds.isEmpty() && inference != null && inference.isWhole()) {
        Vector vector = inference.vector();
        return vector == null ? null : nearest(new Example.ByVector(vector));
      }
      if (kinds.size() != 1) {
        throw body.noVariant("QueryInterface");
      }
      return kinds.getFirst();
    }
  }

  /** An id or a vector. A vector that was complained of is an empty one from here on. */
  Example example() throws IOException {
    JsonToken token = body.token();
    if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_STRING) {
      return new Example.ById(PointIdReader.read(body));
    }
    if (!body.isArray() && !body.isObject()) {
      throw body.noVariant("VectorInput");
    }
    Vector vector = vectors.vector();
    return new Example.ByVector(vector == null ? new Vector.Dense(new float[0]) : vector);
  }

  /** A list of examples. */
  List<Example> examples() throws IOException {
    List<Example> examples = new ArrayList<>();
    body.array(() -> examples.add(example()));
    return examples;
  }

  private Query.Mmr mmr() throws IOException {
    var draft =
        new Object() {
          float diversity = Query.Mmr.DIVERSITY_DEFAULT;
          @Nullable Integer candidatesLimit;
        };
    body.object(
        "struct Mmr",
        field -> {
          switch (field) {
            case "diversity" -> draft.diversity = body.f32();
            case "candidates_limit" ->
                draft.candidatesLimit = (int) Math.min(Integer.MAX_VALUE, body.count());
            default -> body.skip();
          }
        });
    return new Query.Mmr(draft.diversity, draft.candidatesLimit);
  }

  private Query recommend() throws IOException {
    var draft =
        new Object() {
          List<Example> positive = List.of();
          List<Example> negative = List.of();
          Query.Strategy strategy = Query.Strategy.AVERAGE_VECTOR;
        };
    body.object(
        "struct RecommendInput",
        field -> {
          switch (field) {
            case "positive" -> draft.positive = examples();
            case "negative" -> draft.negative = examples();
            case "strategy" -> draft.strategy = strategy(body);
            default -> body.skip();
          }
        });
    return new Query.Recommend(draft.positive, draft.negative, draft.strategy);
  }

  static Query.Strategy strategy(JsonBody body) throws IOException {
    return switch (body.word(List.of("average_vector", "best_score", "sum_scores"))) {
      case "best_score" -> Query.Strategy.BEST_SCORE;
      case "sum_scores" -> Query.Strategy.SUM_SCORES;
      default -> Query.Strategy.AVERAGE_VECTOR;
    };
  }

  private Query discover() throws IOException {
    var draft =
        new Object() {
          @Nullable Example target;
          List<Query.Pair> context = List.of();
        };
    body.object(
        "struct DiscoverInput",
        field -> {
          switch (field) {
            case "target" -> draft.target = example();
            case "context" -> draft.context = pairs();
            default -> body.skip();
          }
        });
    if (draft.target == null) {
      throw body.missing("target");
    }
    return new Query.Discover(draft.target, draft.context);
  }

  /** One pair or a list of them. */
  List<Query.Pair> pairs() throws IOException {
    List<Query.Pair> pairs = new ArrayList<>();
    body.oneOrMany(() -> pairs.add(pair()));
    return pairs;
  }

  private Query.Pair pair() throws IOException {
    var draft =
        new Object() {
          @Nullable Example positive;
          @Nullable Example negative;
        };
    body.object(
        "struct ContextPair",
        field -> {
          switch (field) {
            case "positive" -> draft.positive = example();
            case "negative" -> draft.negative = example();
            default -> body.skip();
          }
        });
    if (draft.positive == null || draft.negative == null) {
      throw body.missing(draft.positive == null ? "positive" : "negative");
    }
    return new Query.Pair(draft.positive, draft.negative);
  }

  /** A key, or an object with more to say. */
  static Ordering ordering(JsonBody body) throws IOException {
    if (body.isString()) {
      return new Ordering(Keys.read(body), false, null);
    }
    var draft =
        new Object() {
          dev.eddy.model.json.@Nullable KeyPath key;
          boolean isDescending;
          Ordering.@Nullable Start start;
        };
    body.object(
        "struct OrderBy",
        field -> {
          switch (field) {
            case "key" -> draft.key = Keys.read(body);
            case "direction" ->
                draft.isDescending = body.word(List.of("asc", "desc")).equals("desc");
            case "start_from" -> draft.start = start(body);
            default -> body.skip();
          }
        });
    if (draft.key == null) {
      throw body.missing("key");
    }
    return new Ordering(draft.key, draft.isDescending, draft.start);
  }

  private static Ordering.Start start(JsonBody body) throws IOException {
    return switch (body.token()) {
      case VALUE_STRING -> new Ordering.Start.Moment(RangeReader.datetime(body));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          switch (body.value()) {
            case JsonValue.JsonLong(long whole) -> new Ordering.Start.Whole(whole);
            case JsonValue.JsonNumber number -> new Ordering.Start.Real(number.asDouble());
            default -> throw body.noVariant("StartFrom");
          };
      default -> throw body.noVariant("StartFrom");
    };
  }

  private Query rrf() throws IOException {
    var draft =
        new Object() {
          int k = Query.Rrf.K_DEFAULT;
          List<Float> weights = List.of();
        };
    body.object(
        "struct Rrf",
        field -> {
          switch (field) {
            case "k" -> draft.k = (int) Math.min(Integer.MAX_VALUE, body.count());
            case "weights" -> {
              List<Float> weights = new ArrayList<>();
              body.array(() -> weights.add(body.f32()));
              draft.weights = weights;
            }
            default -> body.skip();
          }
        });
    return new Query.Rrf(draft.k, draft.weights);
  }

  private Query feedback() throws IOException {
    var draft =
        new Object() {
          @Nullable Example target;
          @Nullable List<Query.Rated> feedback;
          float @Nullable [] strategy;
        };
    body.object(
        "struct RelevanceFeedbackInput",
        field -> {
          switch (field) {
            case "target" -> draft.target = example();
            case "feedback" -> {
              List<Query.Rated> rated = new ArrayList<>();
              body.array(() -> rated.add(rated()));
              draft.feedback = rated;
            }
            case "strategy" -> draft.strategy = strategyParams();
            default -> body.skip();
          }
        });
    if (draft.target == null || draft.feedback == null || draft.strategy == null) {
      throw body.missing(
          draft.target == null ? "target" : draft.feedback == null ? "feedback" : "strategy");
    }
    return new Query.Feedback(
        draft.target, draft.feedback, draft.strategy[0], draft.strategy[1], draft.strategy[2]);
  }

  private Query.Rated rated() throws IOException {
    var draft =
        new Object() {
          @Nullable Example example;
          @Nullable Float score;
        };
    body.object(
        "struct FeedbackItem",
        field -> {
          switch (field) {
            case "example" -> draft.example = example();
            case "score" -> draft.score = body.f32();
            default -> body.skip();
          }
        });
    if (draft.example == null || draft.score == null) {
      throw body.missing(draft.example == null ? "example" : "score");
    }
    return new Query.Rated(draft.example, draft.score);
  }

  /** {@code {"naive": {"a": .., "b": .., "c": ..}}}. */
  private float[] strategyParams() throws IOException {
    var draft =
        new Object() {
          float @Nullable [] naive;
        };
    body.object(
        "struct FeedbackStrategy",
        field -> {
          if (field.equals("naive")) {
            draft.naive = naive();
          } else {
            body.skip();
          }
        });
    if (draft.naive == null) {
      throw body.noVariant("FeedbackStrategy");
    }
    return draft.naive;
  }

  private float[] naive() throws IOException {
    List<String> names = List.of("a", "b", "c");
    float[] values = {Float.NaN, Float.NaN, Float.NaN};
    body.object(
        "struct NaiveFeedbackStrategyParams",
        field -> {
          int at = names.indexOf(field);
          if (at >= 0) {
            values[at] = body.f32();
          } else {
            body.skip();
          }
        });
    for (int i = 0; i < values.length; i++) {
      if (Float.isNaN(values[i])) {
        throw body.missing(names.get(i));
      }
    }
    return values;
  }
}
