package dev.eddy.kafka.topic;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/**
 * The safety checks at start: refuses topics that could lose acknowledged records, and says what
 * the installation cannot survive.
 *
 * <p>It changes nothing.
 */
public final class TopicVerifier {
  private static final int BROKERS_SAFE = 3;

  private final TopicAdmin topics;

  public TopicVerifier(TopicAdmin topics) {
    this.topics = topics;
  }

  /**
   * Checks the metadata topic and every point log.
   *
   * @return warnings, each one sentence; empty in a production set-up
   * @throws UnsafeTopicException if a topic's settings can lose acknowledged records
   */
  public List<String> verify() {
    TopicCatalogue catalogue = topics.catalogue();
    List<String> warnings = new ArrayList<>();
    int brokers = topics.brokerCount();
    if (brokers < BROKERS_SAFE) {
      warnings.add(
          "kafka has %d broker(s), not %d: losing a broker's disk loses acknowledged writes"
              .formatted(brokers, BROKERS_SAFE));
    }
    List<String> names = new ArrayList<>(topics.listLogs().keySet());
    names.sort(null);
    names.addFirst(catalogue.meta());
    List<ConfigResource> resources =
        names.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
    Map<ConfigResource, Config> configs =
        TopicAdmin.await(
            topics.admin().describeConfigs(resources).all(), "describe topic settings");
    List<String> weak = new ArrayList<>();
    for (ConfigResource resource : resources) {
      Config config = configs.get(resource);
      if (config == null) {
        throw new TopicException("kafka did not describe the settings of topic " + resource.name());
      }
      check(resource.name(), config, resource.name().equals(catalogue.meta()));
      if (!isAtLeastTwo(value(config, "min.insync.replicas"))) {
        weak.add(resource.name());
      }
    }
    if (!weak.isEmpty()) {
      warnings.add(
          "min.insync.replicas is 1 for %d topic(s), for instance %s: a write may be acknowledged by one broker only"
              .formatted(weak.size(), weak.getFirst()));
    }
    return warnings;
  }

  private static void check(String topic, Config config, boolean isMeta) {
    require(topic, config, "cleanup.policy", isMeta ? "compact" : "delete");
    require(topic, config, "unclean.leader.election.enable", "false");
    if (!isMeta) {
      require(topic, config, "retention.ms", "-1");
      require(topic, config, "retention.bytes", "-1");
    }
  }

  private static void require(String topic, Config config, String setting, String expected) {
    String actual = value(config, setting);
    if (!actual.equals(expected)) {
      throw new UnsafeTopicException(
          "topic %s has %s=%s but must have %s=%s, otherwise acknowledged records can be lost"
              .formatted(topic, setting, actual, setting, expected));
    }
  }

  private static String value(Config config, String setting) {
    ConfigEntry entry = config.get(setting);
    return entry == null || entry.value() == null ? "" : entry.value();
  }

  private static boolean isAtLeastTwo(String value) {
    return !value.isEmpty() && Integer.parseInt(value) >= 2;
  }
}
