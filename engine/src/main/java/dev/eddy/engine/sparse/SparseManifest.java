package dev.eddy.engine.sparse;

import dev.eddy.engine.format.ManifestCheck;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a checkpoint holds of the index of sparse vectors. The caller stores the {@link #encode()
 * bytes} inside its own, checksummed manifest.
 *
 * <p>Encoded, version 1, big endian:
 *
 * <pre>
 *   magic       int32     "SPIX" in ASCII
 *   version     int32
 *   nextFile    int64     number of the next file to be created
 *   runs        int32     count, then for each:
 *     name (UTF-8 with int16 length), from int32, to int32, lengthBytes int64, crc32c int32
 * </pre>
 *
 * @param nextFile number of the next file to be created
 * @param runs by ascending slots; slots between and behind them are not in any
 */
public record SparseManifest(long nextFile, List<Run> runs) {
  private static final ManifestCheck CHECK = new ManifestCheck("sparse manifest");
  private static final int MAGIC = 0x5350_4958;
  private static final int VERSION = 1;
  private static final int RUNS_MAX = 1 << 20;

  /** No index is stored. */
  public static final SparseManifest NONE = new SparseManifest(1, List.of());

  /** Copies the list. */
  public SparseManifest {
    runs = List.copyOf(runs);
  }

  /**
   * A file.
   *
   * @param from its first slot
   * @param to one behind its last slot
   * @param crc32c the one that ends the file
   */
  public record Run(String name, int from, int to, long lengthBytes, int crc32c) {}

  /** Bytes of all files. */
  public long lengthBytes() {
    return runs.stream().mapToLong(Run::lengthBytes).sum();
  }

  /** The manifest as bytes. */
  public byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      out.writeInt(VERSION);
      out.writeLong(nextFile);
      out.writeInt(runs.size());
      for (Run run : runs) {
        out.writeUTF(run.name());
        out.writeInt(run.from());
        out.writeInt(run.to());
        out.writeLong(run.lengthBytes());
        out.writeInt(run.crc32c());
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  /**
   * The manifest from its bytes.
   *
   * @throws IllegalArgumentException when they are not those of {@link #encode}
   */
  public static SparseManifest decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      CHECK.expect("magic", in.readInt(), MAGIC, MAGIC);
      CHECK.expect("version", in.readInt(), VERSION, VERSION);
      long nextFile = in.readLong();
      int count = CHECK.expect("runs", in.readInt(), 0, RUNS_MAX);
      List<Run> runs = new ArrayList<>();
      int last = 0;
      for (int i = 0; i < count; i++) {
        String name = in.readUTF();
        int from = CHECK.expect("first slot", in.readInt(), last, Integer.MAX_VALUE);
        last = CHECK.expect("end of slots", in.readInt(), from, Integer.MAX_VALUE);
        runs.add(new Run(name, from, last, in.readLong(), in.readInt()));
      }
      CHECK.expect("bytes left", in.available(), 0, 0);
      return new SparseManifest(nextFile, runs);
    } catch (IOException tooShort) {
      throw new IllegalArgumentException("sparse manifest ends early", tooShort);
    }
  }
}
