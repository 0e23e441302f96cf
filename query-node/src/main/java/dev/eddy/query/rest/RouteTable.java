package dev.eddy.query.rest;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the route of a request. Of several that fit, the one with more literal segments wins:
 * {@code /collections/aliases} is no collection. Immutable.
 */
final class RouteTable {
  private final Map<String, List<Entry>> byMethodAndLength;
  private final List<Route> routes;

  private record Entry(Route route, List<String> segments) {
    boolean fits(List<String> path) {
      for (int i = 0; i < segments.size(); i++) {
        if (!isParameter(segments.get(i)) && !segments.get(i).equals(path.get(i))) {
          return false;
        }
      }
      return true;
    }

    long literals() {
      return segments.stream().filter(segment -> !isParameter(segment)).count();
    }

    Map<String, String> parameters(List<String> path) {
      Map<String, String> parameters = new HashMap<>();
      for (int i = 0; i < segments.size(); i++) {
        String segment = segments.get(i);
        if (isParameter(segment)) {
          parameters.put(segment.substring(1, segment.length() - 1), Paths.decode(path.get(i)));
        }
      }
      return parameters;
    }
  }

  /** A route and the values of its path parameters. */
  record Match(Route route, Map<String, String> parameters) {}

  RouteTable(List<Route> routes) {
    this.routes = List.copyOf(routes);
    Map<String, List<Entry>> grouped = new HashMap<>();
    for (Route route : routes) {
      Entry entry = new Entry(route, route.segments());
      grouped.merge(key(route.method(), entry.segments().size()), List.of(entry), RouteTable::join);
    }
    this.byMethodAndLength = grouped;
  }

  private static List<Entry> join(List<Entry> some, List<Entry> more) {
    return java.util.stream.Stream.concat(some.stream(), more.stream())
        .sorted(Comparator.comparingLong(Entry::literals).reversed())
        .toList();
  }

  private static boolean isParameter(String segment) {
    return segment.startsWith("{");
  }

  private static String key(String method, int length) {
    return method + length;
  }

  Optional<Match> find(String method, String rawPath) {
    List<String> path = Paths.split(rawPath);
    for (Entry entry : byMethodAndLength.getOrDefault(key(method, path.size()), List.of())) {
      if (entry.fits(path)) {
        return Optional.of(new Match(entry.route(), entry.parameters(path)));
      }
    }
    return Optional.empty();
  }

  List<Route> routes() {
    return routes;
  }
}
