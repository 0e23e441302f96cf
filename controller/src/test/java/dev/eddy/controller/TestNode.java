package dev.eddy.controller;

import dev.eddy.controller.peer.PeerClients;
import dev.eddy.controller.peer.PeerServer;
import dev.eddy.kafka.client.ClientPresets;
import dev.eddy.kafka.meta.KafkaClusterView;
import dev.eddy.kafka.meta.NodeReporter;
import dev.eddy.kafka.topic.TopicAdmin;
import dev.eddy.kafka.topic.TopicCatalogue;
import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.CollectionAdmin;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.Role;
import dev.eddy.model.cluster.NodeReport.ShardReport;
import dev.eddy.model.cluster.Placement;
import dev.eddy.model.shard.ShardId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * A node against a real broker: it follows and reports as real ones do; as an index node it claims
 * to serve whatever is placed on it, as a query node it hosts a controller.
 */
final class TestNode implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  final String nodeId;
  final KafkaClusterView view;
  final ControllerHost host;
  private final TopicAdmin topics;
  private final NodeReporter reporter;
  private final PeerServer peers;

  /** Down when a change of another node came, and when it was carried out. */
  final CountDownLatch taken = new CountDownLatch(1);

  final CountDownLatch carriedOut = new CountDownLatch(1);
  private volatile CountDownLatch beforeChange = new CountDownLatch(0);
  private volatile CountDownLatch beforeAnswer = new CountDownLatch(0);

  private TestNode(ClientPresets presets, String nodeId, ControllerSettings settings)
      throws IOException {
    this.nodeId = nodeId;
    TopicCatalogue catalogue = new TopicCatalogue(presets.cluster());
    this.topics = new TopicAdmin(presets, catalogue);
    topics.createFixedTopics(2);
    this.view = KafkaClusterView.start(presets, catalogue, START);
    this.host =
        ControllerHost.start(
            settings, new ControllerHost.Node(nodeId, 1), presets, topics, view, new PeerClients());
    this.peers = PeerServer.start("127.0.0.1", 0, id -> suspendable(host.own().change(id)));
    this.reporter = NodeReporter.start(presets, catalogue, view, this::report, () -> {});
    if (!reporter.awaitFirst(START)) {
      throw new IllegalStateException("no report got through");
    }
  }

  static TestNode start(ClientPresets presets, String nodeId, ControllerSettings settings) {
    try {
      return new TestNode(presets, nodeId, settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private NodeReport report() {
    ClusterState state = view.state();
    List<ShardReport> shards = new ArrayList<>();
    for (Placement placement : state.placements().values()) {
      for (int shard = 0; shard < placement.shards().size(); shard++) {
        if (placement.hosts(nodeId, shard)) {
          shards.add(
              World.serving(new ShardId(placement.collectionId(), placement.generation(), shard)));
        }
      }
    }
    return new NodeReport(
        nodeId,
        1,
        Set.of(Role.values()),
        "127.0.0.1:1",
        "127.0.0.1:" + peers.port(),
        state.position(),
        shards,
        null);
  }

  /** What the node says to others; nothing while it is suspended. */
  private CollectionAdmin suspendable(CollectionAdmin own) {
    return (CollectionAdmin)
        Proxy.newProxyInstance(
            TestNode.class.getClassLoader(),
            new Class<?>[] {CollectionAdmin.class},
            (proxy, method, arguments) -> {
              try {
                taken.countDown();
                beforeChange.await();
                Object answer = method.invoke(own, arguments);
                carriedOut.countDown();
                beforeAnswer.await();
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  CollectionAdmin admin() {
    return host.admin();
  }

  TopicAdmin topics() {
    return topics;
  }

  /** Takes changes of others from here on, and does nothing with them. */
  void holdChanges() {
    beforeChange = new CountDownLatch(1);
  }

  /** Carries out changes of others from here on, and doesn't say so. */
  void holdAnswers() {
    beforeAnswer = new CountDownLatch(1);
  }

  /** Falls silent as a suspended process does: its connections stand. */
  void suspend() {
    host.vanish();
    reporter.close();
  }

  /** Dies as a killed process does: no word to anybody. */
  void vanish() {
    host.vanish();
    release();
  }

  private void release() {
    peers.close();
    reporter.close();
    view.close();
    topics.close();
  }

  @Override
  public void close() {
    host.close();
    release();
  }
}
