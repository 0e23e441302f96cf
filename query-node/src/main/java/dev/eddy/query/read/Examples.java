package dev.eddy.query.read;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.Vector;
import dev.eddy.model.query.Example;
import dev.eddy.model.query.LookupLocation;
import dev.eddy.model.query.PointQuery;
import dev.eddy.model.query.Prefetch;
import dev.eddy.model.query.Query;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The points that queries name as examples, and their vectors once they were read. */
final class Examples {
  /** Ids and vector names wanted, by collection; the empty name is the one that is asked. */
  private final Map<String, Wanted> wanted = new LinkedHashMap<>();

  private final Map<String, Map<PointId, StoredPoint>> found = new HashMap<>();

  /** Of one collection. */
  record Wanted(LinkedHashSet<PointId> ids, LinkedHashSet<String> vectors) {}

  /** Every example of the queries, on all levels. */
  static Examples of(List<PointQuery> queries) {
    Examples examples = new Examples();
    for (PointQuery query : queries) {
      examples.want(query.query(), query.using(), query.lookupFrom());
      examples.want(query.prefetch());
    }
    return examples;
  }

  private void want(List<Prefetch> prefetches) {
    for (Prefetch each : prefetches) {
      want(each.query(), each.using(), each.lookupFrom());
      want(each.prefetch());
    }
  }

  private void want(@Nullable Query query, String using, @Nullable LookupLocation lookup) {
    examples(query)
        .forEach(example -> {
          if (example instanceof Example.ById(PointId id)) {
            Wanted of =
                wanted.computeIfAbsent(
                    collection(lookup),
                    name -> new Wanted(new LinkedHashSet<>(), new LinkedHashSet<>()));
            of.ids().add(id);
            of.vectors().add(vectorName(using, lookup));
          }
        });
  }

  /** What is to be read, by collection; the empty name is the one that is asked. */
  Map<String, Wanted> wanted() {
    return wanted;
  }

  /** Takes what was read of a collection. */
  void found(String collection, Map<PointId, StoredPoint> points) {
    found.put(collection, points);
  }

  /**
   * The vector of an example.
   *
   * @throws EddyException NOT_FOUND with the contract's text
   */
  Vector vector(Example example, String using, @Nullable LookupLocation lookup) {
    return switch (example) {
      case Example.ByVector(Vector vector) -> vector;
      case Example.ById(PointId id) -> {
        StoredPoint point = found.getOrDefault(collection(lookup), Map.of()).get(id);
        if (point == null) {
          throw EddyException.notFound("No point with id " + id + " found");
        }
        String name = vectorName(using, lookup);
        Vector vector = point.vectors() == null ? null : point.vectors().byName().get(name);
        if (vector == null) {
          throw EddyException.notFound("Vector with name `" + name + "` for point " + id);
        }
        yield vector;
      }
    };
  }

  /**
   * The example points of one query that are points of the collection asked.
   *
   * @param own names by which lookups mean that collection, too
   */
  static Set<PointId> idsOf(PointQuery query, Set<String> own) {
    Set<PointId> ids = new LinkedHashSet<>();
    addIds(query.query(), query.lookupFrom(), own, ids);
    addIds(query.prefetch(), own, ids);
    return ids;
  }

  private static void addIds(List<Prefetch> prefetches, Set<String> own, Set<PointId> ids) {
    for (Prefetch each : prefetches) {
      addIds(each.query(), each.lookupFrom(), own, ids);
      addIds(each.prefetch(), own, ids);
    }
  }

  private static void addIds(
      @Nullable Query query, @Nullable LookupLocation lookup, Set<String> own, Set<PointId> ids) {
    if (lookup != null && !own.contains(lookup.collection())) {
      return;
    }
    examples(query)
        .forEach(example -> {
          if (example instanceof Example.ById(PointId id)) {
            ids.add(id);
          }
        });
  }

  private static String collection(@Nullable LookupLocation lookup) {
    return lookup == null ? "" : lookup.collection();
  }

  private static String vectorName(String using, @Nullable LookupLocation lookup) {
    String named = lookup == null ? null : lookup.vector();
    return named == null ? using : named;
  }

  private static Stream<Example> examples(@Nullable Query query) {
    return switch (query) {
      case null -> Stream.of();
      case Query.Nearest nearest -> Stream.of(nearest.target());
      case Query.Recommend recommend ->
          Stream.concat(recommend.positive().stream(), recommend.negative().stream());
      case Query.Discover discover ->
          Stream.concat(Stream.of(discover.target()), sides(discover.context()));
      case Query.Context context -> sides(context.pairs());
      case Query.Feedback feedback ->
          Stream.concat(
              Stream.of(feedback.target()), feedback.feedback().stream().map(Query.Rated::example));
      case Query.OrderBy ignored -> Stream.of();
      case Query.Rrf ignored -> Stream.of();
      case Query.Dbsf ignored -> Stream.of();
      case Query.Sample ignored -> Stream.of();
      case Query.Formula ignored -> Stream.of();
    };
  }

  private static Stream<Example> sides(List<Query.Pair> pairs) {
    return pairs.stream().flatMap(pair -> Stream.of(pair.positive(), pair.negative()));
  }
}
