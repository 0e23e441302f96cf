package dev.eddy.proto.qdrant.mapping;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.filter.Datetimes;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Vector;
import dev.eddy.model.query.Example;
import dev.eddy.model.query.Ordering;
import dev.eddy.model.query.Query;
import dev.eddy.model.query.QueryRules;
import dev.eddy.proto.qdrant.ContextInputPair;
import dev.eddy.proto.qdrant.Fusion;
import dev.eddy.proto.qdrant.Mmr;
import dev.eddy.proto.qdrant.NaiveFeedbackStrategy;
import dev.eddy.proto.qdrant.OrderBy;
import dev.eddy.proto.qdrant.RecommendInput;
import dev.eddy.proto.qdrant.RecommendStrategy;
import dev.eddy.proto.qdrant.RelevanceFeedbackInput;
import dev.eddy.proto.qdrant.Rrf;
import dev.eddy.proto.qdrant.Sample;
import dev.eddy.proto.qdrant.StartFrom;
import dev.eddy.proto.qdrant.VectorInput;
import dev.eddy.text.inference.Purpose;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** What a query ranks by, as clients send it. */
final class QdrantQueryKinds {
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long NANOS_PER_MICRO = 1_000;

  private QdrantQueryKinds() {}

  static Query query(dev.eddy.proto.qdrant.Query message, String path) {
    Query query = kind(message, path);
    QueryRules.broken(query).forEach(broken -> RuleBook.note(broken.refusal(path)));
    return query;
  }

  private static Query kind(dev.eddy.proto.qdrant.Query message, String path) {
    return switch (message.getVariantCase()) {
      case NEAREST -> new Query.Nearest(example(message.getNearest(), path + ".nearest"), null);
      case NEAREST_WITH_MMR -> {
        String place = path + ".nearest_with_mmr";
        if (!message.getNearestWithMmr().hasMmr()) {
          throw Rules.unset(place + ".mmr");
        }
        yield new Query.Nearest(
            example(message.getNearestWithMmr().getNearest(), place + ".nearest"),
            mmr(message.getNearestWithMmr().getMmr()));
      }
      case RECOMMEND -> recommend(message.getRecommend(), path + ".recommend");
      case DISCOVER ->
          new Query.Discover(
              example(message.getDiscover().getTarget(), path + ".discover.target"),
              pairs(
                  message.getDiscover().getContext().getPairsList(),
                  path + ".discover.context.pairs"));
      case CONTEXT ->
          new Query.Context(pairs(message.getContext().getPairsList(), path + ".context.pairs"));
      case ORDER_BY -> new Query.OrderBy(ordering(message.getOrderBy(), path + ".order_by"));
      case FUSION -> fusion(message.getFusion(), path + ".fusion");
      case RRF -> rrf(message.getRrf());
      case SAMPLE -> {
        if (message.getSample() != Sample.Random) {
          throw Rules.unrecognized(path + ".sample");
        }
        yield Query.Sample.RANDOM;
      }
      case FORMULA -> {
        if (!message.getFormula().hasExpression()) {
          throw Rules.unset(path + ".formula.expression");
        }
        yield new Query.Formula(
            QdrantExpressions.expression(
                message.getFormula().getExpression(), path + ".formula.expression"),
            QdrantValues.object(message.getFormula().getDefaultsMap()).members());
      }
      case RELEVANCE_FEEDBACK ->
          feedback(message.getRelevanceFeedback(), path + ".relevance_feedback");
      case VARIANT_NOT_SET -> throw Rules.unset(path);
    };
  }

  /** An id or a vector to compare with. */
  static Example example(VectorInput input, String path) {
    return switch (input.getVariantCase()) {
      case ID -> new Example.ById(QdrantPoints.id(input.getId(), path + ".id"));
      case DENSE -> byVector(QdrantPoints.floats(input.getDense()), path + ".dense.data");
      case SPARSE ->
          new Example.ByVector(
              QdrantPoints.sparse(
                  input.getSparse().getIndicesList(), input.getSparse().getValuesList()));
      case MULTI_DENSE ->
          new Example.ByVector(QdrantPoints.multi(input.getMultiDense(), path + ".multi_dense"));
      case DOCUMENT ->
          new Example.ByVector(
              QdrantInference.vector(input.getDocument(), Purpose.ASKED, path + ".document"));
      case IMAGE -> throw QdrantInference.refusal(input.getImage(), path + ".image");
      case OBJECT -> throw QdrantInference.refusal(input.getObject(), path + ".object");
      case VARIANT_NOT_SET -> throw Rules.unset(path);
    };
  }

  static Example byVector(float[] vector, String path) {
    if (vector.length == 0) {
      RuleBook.note(path + ": dense vector must not be empty");
    }
    for (int i = 0; i < vector.length; i++) {
      if (!Float.isFinite(vector[i])) {
        RuleBook.note(
            "%s[%d]: value %s invalid, must be a finite number".formatted(path, i, vector[i]));
        break; // One is enough to tell: a vector is wrong as a whole.
      }
    }
    return new Example.ByVector(new Vector.Dense(vector));
  }

  private static List<Example> examples(List<VectorInput> inputs, String path) {
    List<Example> examples = new ArrayList<>(inputs.size());
    for (VectorInput input : inputs) {
      examples.add(example(input, path + "[" + examples.size() + "]"));
    }
    return examples;
  }

  private static Query.Mmr mmr(Mmr message) {
    return new Query.Mmr(
        message.hasDiversity() ? message.getDiversity() : Query.Mmr.DIVERSITY_DEFAULT,
        message.hasCandidatesLimit()
            ? (Integer)
                (int)
                    Math.min(
                        Integer.MAX_VALUE, Integer.toUnsignedLong(message.getCandidatesLimit()))
            : null);
  }

  private static Query recommend(RecommendInput message, String path) {
    return new Query.Recommend(
        examples(message.getPositiveList(), path + ".positive"),
        examples(message.getNegativeList(), path + ".negative"),
        strategy(message.getStrategy(), path + ".strategy"));
  }

  static Query.Strategy strategy(RecommendStrategy strategy, String path) {
    return switch (strategy) {
      case AverageVector -> Query.Strategy.AVERAGE_VECTOR;
      case BestScore -> Query.Strategy.BEST_SCORE;
      case SumScores -> Query.Strategy.SUM_SCORES;
      case UNRECOGNIZED -> throw Rules.unrecognized(path);
    };
  }

  private static List<Query.Pair> pairs(List<ContextInputPair> messages, String path) {
    List<Query.Pair> pairs = new ArrayList<>(messages.size());
    for (ContextInputPair message : messages) {
      String place = path + "[" + pairs.size() + "]";
      pairs.add(
          new Query.Pair(
              example(message.getPositive(), place + ".positive"),
              example(message.getNegative(), place + ".negative")));
    }
    return pairs;
  }

  static Ordering ordering(OrderBy message, String path) {
    boolean isDescending =
        switch (message.getDirection()) {
          case Asc -> false;
          case Desc -> true;
          case UNRECOGNIZED -> throw Rules.unrecognized(path + ".direction");
        };
    return new Ordering(
        KeyPath.parse(message.getKey()),
        isDescending,
        message.hasStartFrom() ? start(message.getStartFrom(), path + ".start_from") : null);
  }

  private static Ordering.Start start(StartFrom message, String path) {
    return switch (message.getValueCase()) {
      case FLOAT -> new Ordering.Start.Real(Rules.comparable(message.getFloat(), path + ".float"));
      case INTEGER -> new Ordering.Start.Whole(message.getInteger());
      case TIMESTAMP ->
          new Ordering.Start.Moment(
              Math.multiplyExact(message.getTimestamp().getSeconds(), MICROS_PER_SECOND)
                  + message.getTimestamp().getNanos() / NANOS_PER_MICRO);
      case DATETIME -> {
        OptionalLong micros = Datetimes.parseMicros(message.getDatetime());
        if (micros.isEmpty()) {
          throw EddyException.wrongInput(
              "'%s' is not in a supported date/time format, please use RFC 3339 (%s.datetime)"
                  .formatted(message.getDatetime(), path));
        }
        yield new Ordering.Start.Moment(micros.getAsLong());
      }
      case VALUE_NOT_SET -> throw Rules.unset(path);
    };
  }

  private static Query fusion(Fusion fusion, String path) {
    return switch (fusion) {
      case RRF -> new Query.Rrf(Query.Rrf.K_DEFAULT, List.of());
      case DBSF -> Query.Dbsf.DBSF;
      case UNRECOGNIZED -> throw Rules.unrecognized(path);
    };
  }

  private static Query rrf(Rrf message) {
    long k = message.hasK() ? Integer.toUnsignedLong(message.getK()) : Query.Rrf.K_DEFAULT;
    return new Query.Rrf((int) Math.min(Integer.MAX_VALUE, k), message.getWeightsList());
  }

  private static Query feedback(RelevanceFeedbackInput message, String path) {
    if (!message.hasStrategy()) {
      throw Rules.unset(path + ".strategy");
    }
    NaiveFeedbackStrategy naive =
        switch (message.getStrategy().getVariantCase()) {
          case NAIVE -> message.getStrategy().getNaive();
          case VARIANT_NOT_SET -> throw Rules.unset(path + ".strategy");
        };
    List<Query.Rated> rated = new ArrayList<>();
    message
        .getFeedbackList()
        .forEach(item ->
            rated.add(
                new Query.Rated(
                    example(item.getExample(), path + ".feedback[" + rated.size() + "].example"),
                    (float) Rules.comparable(item.getScore(), path + ".feedback.score"))));
    return new Query.Feedback(
        example(message.getTarget(), path + ".target"),
        rated,
        naive.getA(),
        naive.getB(),
        naive.getC());
  }
}
