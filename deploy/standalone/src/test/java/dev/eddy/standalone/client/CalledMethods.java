package dev.eddy.standalone.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.qdrant.client.QdrantClient;
import io.qdrant.client.grpc.CollectionsGrpc;
import io.qdrant.client.grpc.PointsGrpc;
import io.qdrant.client.grpc.QdrantGrpc;
import io.qdrant.client.grpc.SnapshotsGrpc;
import java.lang.StackWalker.StackFrame;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;

/**
 * Notes which methods of the client led to a call, read from the call's stack, and which calls were
 * made; so a walk can show that it left none out, nor one that a new version brings.
 */
final class CalledMethods implements ClientInterceptor {
  private static final List<ServiceDescriptor> SERVICES =
      List.of(
          CollectionsGrpc.getServiceDescriptor(),
          PointsGrpc.getServiceDescriptor(),
          SnapshotsGrpc.getServiceDescriptor(),
          QdrantGrpc.getServiceDescriptor());

  private final Set<String> methods = new ConcurrentSkipListSet<>();
  private final Set<String> calls = new ConcurrentSkipListSet<>();

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    calls.add(method.getFullMethodName());
    methods.addAll(
        StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
            .walk(frames ->
                frames
                    .filter(frame -> frame.getDeclaringClass() == QdrantClient.class)
                    .map(StackFrame::getMethodName)
                    .toList()));
    return next.newCall(method, options);
  }

  /**
   * Fails for what was never called.
   *
   * @param silent methods that send nothing, with the reason
   */
  void verifyAllCalled(Map<String, String> silent) {
    Set<String> expected =
        Arrays.stream(QdrantClient.class.getDeclaredMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
            .map(java.lang.reflect.Method::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(expected).as("no exceptions any more").containsAll(silent.keySet());
    expected.removeAll(silent.keySet());
    Set<String> called = new TreeSet<>(methods);
    called.retainAll(expected);
    assertThat(called).as("methods of the client").isEqualTo(expected);
    assertThat(calls).as("calls of the services").isEqualTo(offered());
  }

  private static Set<String> offered() {
    return SERVICES.stream()
        .flatMap(service -> service.getMethods().stream())
        .map(MethodDescriptor::getFullMethodName)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
