package dev.eddy.standalone.role;

import dev.eddy.kafka.client.ClientPresets;
import dev.eddy.kafka.meta.KafkaClusterView;
import dev.eddy.kafka.topic.TopicAdmin;
import dev.eddy.kafka.topic.TopicCatalogue;
import dev.eddy.kafka.topic.TopicVerifier;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A verified Kafka cluster with Eddy's fixed topics, and this process's view of the metadata. */
final class KafkaAccess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaAccess.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final ClientPresets presets;
  private final TopicCatalogue topics;
  private final TopicAdmin admin;
  private final KafkaClusterView view;

  private KafkaAccess(
      ClientPresets presets, TopicCatalogue topics, TopicAdmin admin, KafkaClusterView view) {
    this.presets = presets;
    this.topics = topics;
    this.admin = admin;
    this.view = view;
  }

  /**
   * Waits for a broker, creates what is missing, refuses unsafe topics and reads the metadata.
   *
   * @throws RuntimeException with one clear sentence
   */
  static KafkaAccess open(String bootstrapServers, String cluster) {
    ClientPresets presets = new ClientPresets(bootstrapServers, cluster);
    TopicCatalogue topics = new TopicCatalogue(cluster);
    TopicAdmin admin = new TopicAdmin(presets, topics);
    try {
      admin.awaitReachable(TIMEOUT);
      admin.createFixedTopics(TopicCatalogue.INBOX_PARTITIONS_DEFAULT);
      for (String warning : new TopicVerifier(admin).verify()) {
        LOG.warn("event=unsafe-for-production warning=\"{}\"", warning);
      }
      return new KafkaAccess(
          presets, topics, admin, KafkaClusterView.start(presets, topics, TIMEOUT));
    } catch (RuntimeException e) {
      admin.close();
      throw e;
    }
  }

  ClientPresets presets() {
    return presets;
  }

  TopicCatalogue topics() {
    return topics;
  }

  TopicAdmin admin() {
    return admin;
  }

  KafkaClusterView view() {
    return view;
  }

  @Override
  public void close() {
    view.close();
    admin.close();
  }
}
