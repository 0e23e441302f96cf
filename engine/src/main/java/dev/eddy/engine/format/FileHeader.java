package dev.eddy.engine.format;

import java.io.IOException;

/**
 * The first 16 bytes of every binary file of the engine, little endian.
 *
 * <pre>
 *   magic    int32   "EDDY"
 *   kind     int32   what the file is, four letters
 *   version  int32   of the kind's format
 *   reserved int32   0
 * </pre>
 */
public final class FileHeader {
  /** Length of the header. */
  public static final int BYTES = 16;

  /** "EDDY" in little endian. */
  public static final int MAGIC = fourLetters("EDDY");

  private FileHeader() {}

  /** Four ASCII letters as the int32 that stores them in this order. */
  public static int fourLetters(String letters) {
    if (letters.length() != 4) {
      throw new IllegalArgumentException("need four letters, got " + letters);
    }
    return letters.charAt(0)
        | letters.charAt(1) << 8
        | letters.charAt(2) << 16
        | letters.charAt(3) << 24;
  }

  /** Writes the header. */
  public static void write(ChecksummedWriter out, int kind, int version) throws IOException {
    out.putInt(MAGIC);
    out.putInt(kind);
    out.putInt(version);
    out.putInt(0);
  }

  /** Reads and checks the header. */
  public static void check(ChecksummedReader in, int kind, int version) throws IOException {
    in.expectInt("magic", MAGIC);
    in.expectInt("kind", kind);
    in.expectInt("format version", version);
    in.expectInt("reserved", 0);
  }

  /**
   * Reads and checks the header of a file of one of some versions, both bounds included; returns
   * which it is.
   */
  public static int check(ChecksummedReader in, int kind, int oldest, int newest)
      throws IOException {
    in.expectInt("magic", MAGIC);
    in.expectInt("kind", kind);
    int version = in.getInt("format version", oldest, newest);
    in.expectInt("reserved", 0);
    return version;
  }
}
