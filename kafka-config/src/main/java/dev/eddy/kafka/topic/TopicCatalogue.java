package dev.eddy.kafka.topic;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names and settings of every topic of one cluster.
 *
 * <p>The names are a stored format: a change here would lose existing logs, so a golden test pins
 * them. Immutable.
 */
public final class TopicCatalogue {
  /** Largest record batch of a point log in bytes. */
  public static final int LOG_MESSAGE_MAX_BYTES = 16 << 20;

  /** Largest record batch of the inbox in bytes. */
  public static final int INBOX_MESSAGE_MAX_BYTES = 8 << 20;

  /** Largest record batch of the dead letters in bytes. */
  public static final int DEAD_LETTERS_MESSAGE_MAX_BYTES = 12 << 20;

  /** Default partition count of the inbox. */
  public static final int INBOX_PARTITIONS_DEFAULT = 4;

  /** Largest number of partitions of one point log. */
  public static final int LOG_PARTITIONS_MAX = 1024;

  private static final Pattern CLUSTER = Pattern.compile("[a-z0-9-]{1,32}");
  private static final Pattern PLAIN_COLLECTION = Pattern.compile("[a-zA-Z0-9_-]{1,180}");
  private static final Pattern HASHED_COLLECTION = Pattern.compile(".*-x[0-9a-f]{32}");
  private static final Pattern OUTSIDE_TOPIC_NAMES = Pattern.compile("[^a-zA-Z0-9_-]+");
  private static final Pattern EDGE_DASHES = Pattern.compile("^-+|-+$");
  private static final int STEM_LENGTH_MAX = 60;
  private static final int HASH_BYTES = 16;
  private static final long DAY_MS = 24L * 60 * 60 * 1000;
  private static final long MINUTE_MS = 60_000;
  private static final int MIB = 1 << 20;

  private final String cluster;
  private final Pattern logTopic;

  /**
   * The topics of a cluster.
   *
   * @param cluster 1 to 32 of {@code a-z 0-9 -}; no underscore and no dot, which Kafka holds to be
   *     the same in topic names, so that two clusters can never collide
   */
  public TopicCatalogue(String cluster) {
    if (!CLUSTER.matcher(cluster).matches()) {
      throw new IllegalArgumentException(
          "cluster name must be 1 to 32 of a-z, 0-9 and -, got \"%s\"".formatted(cluster));
    }
    this.cluster = cluster;
    this.logTopic =
        Pattern.compile(Pattern.quote(cluster) + "\\.([a-zA-Z0-9_-]+)\\.g([1-9][0-9]{0,9})\\.log");
  }

  /** The cluster's name. */
  public String cluster() {
    return cluster;
  }

  /** Collections, aliases, generations, placement: written by the fenced controller only. */
  public String meta() {
    return cluster + ".meta";
  }

  /** What each node reports every second. */
  public String nodes() {
    return cluster + ".nodes";
  }

  /** The election hint: its one partition is assigned by a consumer group; it holds no records. */
  public String controller() {
    return cluster + ".controller";
  }

  /** The inbox, where any Kafka producer writes points. */
  public String points() {
    return cluster + ".points";
  }

  /** Rejected records. */
  public String deadLetters() {
    return cluster + ".points.dlq";
  }

  /** Transactional id of the one controller; whoever initialises it last fences all others. */
  public String controllerTransactionalId() {
    return cluster + "-controller";
  }

  /** Consumer group of the election hint. */
  public String controllerGroup() {
    return cluster + "-controller";
  }

  /** Transactional id of the dead-letter writer of one inbox partition. */
  public String deadLettersTransactionalId(int inboxPartition) {
    return cluster + "-dlq-" + inboxPartition;
  }

  /**
   * The point log of one generation of a collection. Different names never share a topic, nor two
   * that Kafka takes for the same.
   *
   * @param collection any non-empty collection name
   * @param generation from 1
   */
  public String log(String collection, int generation) {
    if (collection.isEmpty()) {
      throw new IllegalArgumentException("collection name is empty");
    }
    if (generation < 1) {
      throw new IllegalArgumentException("generation must be at least 1, got " + generation);
    }
    return cluster + "." + topicStem(collection) + ".g" + generation + ".log";
  }

  /** Takes a log topic's name apart; empty for any other topic, also of another cluster. */
  public Optional<LogTopicName> parseLog(String topic) {
    Matcher matcher = logTopic.matcher(topic);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long generation = Long.parseLong(matcher.group(2));
    return generation > Integer.MAX_VALUE
        ? Optional.empty()
        : Optional.of(new LogTopicName(matcher.group(1), (int) generation));
  }

  private static String topicStem(String collection) {
    // A plain name that looks like a hashed one is hashed, too: so the two kinds can't meet.
    if (PLAIN_COLLECTION.matcher(collection).matches()
        && !HASHED_COLLECTION.matcher(collection).matches()) {
      return collection;
    }
    String readable = OUTSIDE_TOPIC_NAMES.matcher(collection).replaceAll("-");
    String stem =
        EDGE_DASHES
            .matcher(readable.substring(0, Math.min(readable.length(), STEM_LENGTH_MAX)))
            .replaceAll("");
    return (stem.isEmpty() ? "collection" : stem)
        + "-x"
        + HexFormat.of().formatHex(sha256(collection), 0, HASH_BYTES);
  }

  private static byte[] sha256(String collection) {
    try {
      ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(collection));
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(utf8);
      return digest.digest();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("collection name is not valid Unicode", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Settings of a point log: kept for ever, trimmed only by deleting records below verified
   * snapshots.
   */
  public TopicSpec logSpec(String collection, int generation, int shardCount) {
    if (shardCount < 1 || shardCount > LOG_PARTITIONS_MAX) {
      throw new IllegalArgumentException(
          "shard count must be in [1, %d], got %d".formatted(LOG_PARTITIONS_MAX, shardCount));
    }
    return new TopicSpec(
        log(collection, generation),
        shardCount,
        Map.of(
            "cleanup.policy", "delete",
            "retention.ms", "-1",
            "retention.bytes", "-1",
            "unclean.leader.election.enable", "false",
            "max.message.bytes", Integer.toString(LOG_MESSAGE_MAX_BYTES),
            // Also what is re-read per partition after kill -9, so smaller than Kafka's 1 GiB.
            "segment.bytes", Integer.toString(256 * MIB)));
  }

  /**
   * The topics that every cluster has, with the given partition count of the inbox (set once, at
   * first start).
   */
  public List<TopicSpec> fixedSpecs(int inboxPartitions) {
    return List.of(
        metaSpec(), nodesSpec(), controllerSpec(), pointsSpec(inboxPartitions), deadLettersSpec());
  }

  private TopicSpec metaSpec() {
    return new TopicSpec(
        meta(),
        1,
        Map.of(
            "cleanup.policy", "compact",
            "unclean.leader.election.enable", "false",
            "max.message.bytes", Integer.toString(LOG_MESSAGE_MAX_BYTES),
            "segment.bytes", Integer.toString(16 * MIB),
            "min.cleanable.dirty.ratio", "0.1"));
  }

  private TopicSpec nodesSpec() {
    return new TopicSpec(
        nodes(),
        1,
        Map.of(
            "cleanup.policy", "delete",
            "retention.ms", Long.toString(MINUTE_MS),
            "segment.ms", Long.toString(MINUTE_MS),
            "segment.bytes", Integer.toString(16 * MIB)));
  }

  private TopicSpec controllerSpec() {
    return new TopicSpec(controller(), 1, Map.of("cleanup.policy", "delete"));
  }

  private TopicSpec pointsSpec(int partitions) {
    return new TopicSpec(
        points(),
        partitions,
        Map.of(
            "cleanup.policy",
            "delete",
            "retention.ms",
            Long.toString(7 * DAY_MS),
            "unclean.leader.election.enable",
            "false",
            "max.message.bytes",
            Integer.toString(INBOX_MESSAGE_MAX_BYTES)));
  }

  private TopicSpec deadLettersSpec() {
    return new TopicSpec(
        deadLetters(),
        1,
        Map.of(
            "cleanup.policy",
            "delete",
            "retention.ms",
            Long.toString(30 * DAY_MS),
            "unclean.leader.election.enable",
            "false",
            "max.message.bytes",
            Integer.toString(DEAD_LETTERS_MESSAGE_MAX_BYTES)));
  }
}
