package dev.eddy.standalone;

import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.CollectionAdmin;
import dev.eddy.query.collection.CollectionService;
import dev.eddy.query.metrics.RequestMetrics;
import dev.eddy.query.quota.NodeResources;
import dev.eddy.query.quota.Quotas;
import dev.eddy.query.read.ReadService;
import dev.eddy.query.rest.RestEdge;
import dev.eddy.query.rest.RestSettings;
import dev.eddy.query.service.NodeService;
import dev.eddy.query.write.WriteService;
import java.lang.reflect.Proxy;
import java.util.List;

/** What the REST edge routes, from its own table. */
public final class RestOperations {
  private RestOperations() {}

  /** Every operation of the contract, as {@link RestEdge#operations()} tells them. */
  public static List<String> routed() {
    CollectionService collections = unused(CollectionService.class);
    RequestMetrics metrics = unused(RequestMetrics.class);
    NodeResources resources = unused(NodeResources.class);
    Quotas quotas =
        new Quotas(
            unused(ClusterView.class),
            "n1",
            unused(CollectionAdmin.class),
            resources,
            System::nanoTime);
    try (RestEdge edge =
        RestEdge.start(
            RestSettings.of("127.0.0.1", 0),
            unused(WriteService.class),
            unused(ReadService.class),
            collections,
            metrics,
            new NodeService(
                collections,
                metrics,
                quotas,
                resources,
                () -> false,
                () -> {
                  throw new UnsupportedOperationException("status");
                }))) {
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
