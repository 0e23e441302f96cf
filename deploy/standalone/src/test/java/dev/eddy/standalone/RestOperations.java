package dev.eddy.standalone;

import dev.eddy.query.collection.CollectionService;
import dev.eddy.query.metrics.RequestMetrics;
import dev.eddy.query.read.ReadService;
import dev.eddy.query.rest.RestEdge;
import dev.eddy.query.rest.RestSettings;
import dev.eddy.query.write.WriteService;
import java.lang.reflect.Proxy;
import java.util.List;

/** What the REST edge routes, from its own table. */
public final class RestOperations {
  private RestOperations() {}

  /** Every operation of the contract, as {@link RestEdge#operations()} tells them. */
  public static List<String> routed() {
    try (RestEdge edge =
        RestEdge.start(
            RestSettings.of("127.0.0.1", 0),
            unused(WriteService.class),
            unused(ReadService.class),
            unused(CollectionService.class),
            unused(RequestMetrics.class),
            () -> false)) {
      return edge.operations();
    }
  }

  private static <T> T unused(Class<T> service) {
    return service.cast(
        Proxy.newProxyInstance(
            service.getClassLoader(),
            new Class<?>[] {service},
            (proxy, method, arguments) -> {
              throw new UnsupportedOperationException(method.getName());
            }));
  }
}
