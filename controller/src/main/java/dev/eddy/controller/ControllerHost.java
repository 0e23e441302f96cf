package dev.eddy.controller;

import dev.eddy.kafka.client.ClientPresets;
import dev.eddy.kafka.meta.KafkaClusterView;
import dev.eddy.kafka.topic.TopicAdmin;
import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.CollectionAdmin;
import dev.eddy.model.cluster.MetaChange;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a query node needs of the controller: it stands for election, decides while it is elected,
 * and gives access to whoever decides. Safe from any thread.
 */
public final class ControllerHost implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControllerHost.class);
  private static final Duration READ = Duration.ofSeconds(5);

  /**
   * The node that hosts it.
   *
   * @param nodeId kept in the node's data folder
   * @param incarnation larger for every start of the same node id
   */
  public record Node(String nodeId, long incarnation) {}

  private final ControllerSettings settings;
  private final Node node;
  private final ClientPresets presets;
  private final TopicAdmin topics;
  private final KafkaClusterView view;
  private final ControllerClient others;
  private final KafkaLogs logs;
  private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
  private final Candidate candidate;
  private final LeadingAdmin leading;
  private final ChangeSlots slots;

  private ControllerHost(
      ControllerSettings settings,
      Node node,
      ClientPresets presets,
      TopicAdmin topics,
      KafkaClusterView view,
      ControllerClient others) {
    this.settings = settings;
    this.node = node;
    this.presets = presets;
    this.topics = topics;
    this.view = view;
    this.others = others;
    this.logs = new KafkaLogs(presets, topics);
    this.candidate =
        new Candidate(
            presets,
            topics.catalogue(),
            node.nodeId(),
            settings.sessionTimeout(),
            this::takeOffice);
    this.leading = new LeadingAdmin(candidate::term);
    this.slots = new ChangeSlots(node.nodeId(), node.incarnation());
  }

  /**
   * Starts to stand for election. The fixed topics must exist.
   *
   * @param topics and view stay open when the host closes
   * @param others is closed with the host
   */
  public static ControllerHost start(
      ControllerSettings settings,
      Node node,
      ClientPresets presets,
      TopicAdmin topics,
      KafkaClusterView view,
      ControllerClient others) {
    ControllerHost host = new ControllerHost(settings, node, presets, topics, view, others);
    view.onReports(() -> host.candidate.term().ifPresent(Term::look));
    host.candidate.start();
    return host;
  }

  /** Changes of collections, by whichever node decides. */
  public CollectionAdmin admin() {
    return new LocalCollectionAdmin(leading, view, others, node.nodeId(), slots);
  }

  /** Changes of collections by this node's own controller only: what the peer service offers. */
  public Controller own() {
    return leading;
  }

  /** Whether this node decides. */
  public boolean isLeading() {
    return leading.isLeading();
  }

  /**
   * Begins a term: whoever decided before is fenced, everything that it decided is read, and that
   * this node decides from here on is written and read back, before anything is done.
   */
  private Term takeOffice() {
    KafkaDecisionLog log = KafkaDecisionLog.open(presets, topics.catalogue());
    try {
      ClusterState state = view.readToEnd(READ);
      long epoch = state.currentLeader().map(ClusterState.Leader::epoch).orElse(0L) + 1;
      Office office = new Office(log, state);
      office.decide(new MetaChange.LeaderElected(epoch, node.nodeId(), node.incarnation()));
      ClusterState seen = view.readToEnd(READ);
      if (!seen.currentLeader().equals(office.state().currentLeader())) {
        throw new DeposedException(
            "another controller was elected: " + seen.leader(),
            new IllegalStateException("leader record not read back"));
      }
      Term term = new Term(office, logs, new ViewMembers(view), background, settings);
      LOG.info("event=controller_elected node={} epoch={}", node.nodeId(), epoch);
      term.onEnd(log::close);
      term.start();
      return term;
    } catch (RuntimeException e) {
      log.close();
      throw e;
    }
  }

  /** Stops as if the process had died, for tests of fail-over: says nothing to the others. */
  void vanish() {
    candidate.vanish();
    release();
  }

  @Override
  public void close() {
    candidate.close();
    release();
  }

  private void release() {
    others.close();
    background.shutdownNow();
    logs.close();
  }
}
