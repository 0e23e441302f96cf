package dev.eddy.index;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The data folder of a node of any role: who the node is, and the lock that keeps a second process
 * out.
 *
 * <p>{@code node.txt}, format 1: lines of {@code key=value} with the keys {@code format}, {@code
 * node-id}, {@code cluster} and {@code incarnation}, the last raised at every start.
 */
public final class NodeFolder implements AutoCloseable {
  private static final String FORMAT = "1";
  private static final String IDENTITY = "node.txt";
  private static final String LOCK = "node.lock";

  private final Path path;
  private final FileChannel lockFile;
  private final String nodeId;
  private final long incarnation;

  private NodeFolder(Path path, FileChannel lockFile, String nodeId, long incarnation) {
    this.path = path;
    this.lockFile = lockFile;
    this.nodeId = nodeId;
    this.incarnation = incarnation;
  }

  /**
   * Takes the folder for this process; makes it on first use.
   *
   * @throws IndexNodeException when another process has it, or it belongs to another cluster
   */
  public static NodeFolder open(Path path, String cluster) {
    try {
      Files.createDirectories(path);
      FileChannel lockFile = lock(path);
      try {
        Map<String, String> identity = read(path, cluster);
        String nodeId = identity.getOrDefault("node-id", UUID.randomUUID().toString());
        long incarnation = Long.parseLong(identity.getOrDefault("incarnation", "0")) + 1;
        write(path, cluster, nodeId, incarnation);
        return new NodeFolder(path, lockFile, nodeId, incarnation);
      } catch (IOException | RuntimeException e) {
        lockFile.close();
        throw e;
      }
    } catch (IOException e) {
      throw new IndexNodeException("data folder %s is not usable: %s".formatted(path, e), e);
    }
  }

  Path path() {
    return path;
  }

  /** The same for the folder's whole life. */
  public String nodeId() {
    return nodeId;
  }

  /** Larger at every start. */
  public long incarnation() {
    return incarnation;
  }

  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new IndexNodeException("data folder %s does not unlock: %s".formatted(path, e), e);
    }
  }

  private static FileChannel lock(Path path) throws IOException {
    FileChannel file =
        FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    @Nullable FileLock lock = null;
    try {
      lock = file.tryLock();
    } catch (OverlappingFileLockException _) {
      // Held by this very process: the same refusal.
    }
    if (lock == null) {
      file.close();
      throw new IndexNodeException(
          "data folder %s is in use by another process; give this one its own --data"
              .formatted(path),
          null);
    }
    return file;
  }

  private static Map<String, String> read(Path path, String cluster) throws IOException {
    Map<String, String> identity = new LinkedHashMap<>();
    String text;
    try {
      text = Files.readString(path.resolve(IDENTITY), StandardCharsets.UTF_8);
    } catch (NoSuchFileException _) {
      return identity;
    }
    text.lines()
        .filter(line -> line.contains("="))
        .forEach(line ->
            identity.put(
                line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
    if (!FORMAT.equals(identity.get("format")) || !identity.containsKey("node-id")) {
      throw new IndexNodeException(
          "%s is not an identity of format %s".formatted(path.resolve(IDENTITY), FORMAT), null);
    }
    if (!cluster.equals(identity.get("cluster"))) {
      throw new IndexNodeException(
          "data folder %s belongs to cluster %s, not to %s"
              .formatted(path, identity.get("cluster"), cluster),
          null);
    }
    return identity;
  }

  private static void write(Path path, String cluster, String nodeId, long incarnation)
      throws IOException {
    String text =
        "format=%s\nnode-id=%s\ncluster=%s\nincarnation=%d\n"
            .formatted(FORMAT, nodeId, cluster, incarnation);
    Path fresh = path.resolve(IDENTITY + ".new");
    try (FileChannel file =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      file.write(StandardCharsets.UTF_8.encode(text));
      file.force(true);
    }
    Files.move(fresh, path.resolve(IDENTITY), StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder = FileChannel.open(path, StandardOpenOption.READ)) {
      folder.force(true);
    }
  }
}
