package dev.eddy.query.grpc;

import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Services with other methods in the place of their own. Stateless. */
final class ServiceMethods {
  private ServiceMethods() {}

  /** The service with what becomes of each of its methods. */
  static ServerServiceDefinition mapped(
      ServerServiceDefinition service,
      Function<ServerMethodDefinition<?, ?>, ServerMethodDefinition<?, ?>> change) {
    ServiceDescriptor given = service.getServiceDescriptor();
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(given.getName())
            .setSchemaDescriptor(given.getSchemaDescriptor());
    List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
    for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
      ServerMethodDefinition<?, ?> changed = change.apply(method);
      methods.add(changed);
      descriptor.addMethod(changed.getMethodDescriptor());
    }
    ServerServiceDefinition.Builder changed = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(changed::addMethod);
    return changed.build();
  }
}
