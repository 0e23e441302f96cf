package dev.eddy.engine.field;

import dev.eddy.engine.format.ChecksummedReader;
import dev.eddy.engine.format.ChecksummedWriter;
import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.engine.format.FileHeader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A file of pieces of indexes, written once. Kind {@code FIDX}, little endian, version 2 when it
 * has a piece of form 3, else 1; length and CRC32C stand in the checkpoint's manifest.
 *
 * <pre>
 *   header    16 bytes, see {@link FileHeader}
 *   pieces    int32, then each: form int32, and
 *     form 1  a run, see {@link HeapRun#writeTo}
 *     form 2  terms: first code int32, count int32, then as {@link TermDictionary#writeTo} says
 *     form 3  terms to be read in place, see {@link MappedTerms#write}
 * </pre>
 */
final class PieceFile {
  static final int KIND = FileHeader.fourLetters("FIDX");
  static final int VERSION = 1;
  static final int VERSION_OF_INDEXED_TERMS = 2;
  private static final int RUN = 1;
  private static final int TERMS = 2;
  private static final int INDEXED_TERMS = 3;
  private static final int ONE_PIECE_BYTES = FileHeader.BYTES + 2 * Integer.BYTES;
  private static final int TERM_BYTES_MAX = Integer.MAX_VALUE - 8;

  private PieceFile() {}

  /** A piece as it is read. */
  sealed interface Read {
    record Run(PostingRun run) implements Read {}

    record Terms(int from, List<byte[]> terms) implements Read {}

    /** Terms that stay in their file; whoever reads owns the reference. */
    record TermsInPlace(MappedTerms terms) implements Read {}
  }

  /**
   * Writes a file that must not exist; it is not durable yet.
   *
   * @param live which slots may still be asked for
   */
  static IndexPart write(Path file, List<Piece> pieces, IntPredicate live) throws IOException {
    try (ChecksummedWriter out = new ChecksummedWriter(file)) {
      FileHeader.write(out, KIND, VERSION);
      out.putInt(pieces.size());
      for (Piece piece : pieces) {
        switch (piece) {
          case Piece.Runs runs -> {
            out.putInt(RUN);
            merged(runs, live).writeTo(out);
          }
          case Piece.Terms(TermDictionary dictionary, int from, int to, long ignored) -> {
            out.putInt(TERMS);
            out.putInt(from);
            out.putInt(to - from);
            dictionary.writeTo(out, from, to);
          }
          case Piece.Mapped(MappedPiece mapped) ->
              throw new IllegalArgumentException("has a file: " + mapped.file());
        }
      }
      int checksum = out.checksum();
      return new IndexPart(String.valueOf(file.getFileName()), out.length(), checksum);
    }
  }

  /** Writes terms to be read in place to a file that must not exist; it is not durable yet. */
  static IndexPart writeIndexed(Path file, TermDictionary terms, int from, int to)
      throws IOException {
    try (ChecksummedWriter out = new ChecksummedWriter(file)) {
      FileHeader.write(out, KIND, VERSION_OF_INDEXED_TERMS);
      out.putInt(1);
      out.putInt(INDEXED_TERMS);
      terms.writeIndexed(out, from, to);
      int checksum = out.checksum();
      return new IndexPart(String.valueOf(file.getFileName()), out.length(), checksum);
    }
  }

  private static HeapRun merged(Piece.Runs piece, IntPredicate live) {
    List<PostingRun> runs = piece.runs();
    // The newest are the smallest.
    HeapRun merged = runs.getLast().onHeap();
    for (int i = runs.size() - 2; i >= 0; i--) {
      merged = PostingMerge.merge(runs.get(i), merged, live, piece.isOldest() && i == 0);
    }
    return merged;
  }

  /**
   * Reads a whole file and checks everything.
   *
   * @param slotCount no slot is as high
   */
  static List<Read> read(Path folder, IndexPart part, int slotCount) throws IOException {
    Path file = folder.resolve(part.name());
    try (ChecksummedReader in = ChecksummedReader.open(file, part.lengthBytes())) {
      var _ = FileHeader.check(in, KIND, VERSION, VERSION_OF_INDEXED_TERMS);
      int count = in.getInt("pieces", 0, (int) Math.min(Integer.MAX_VALUE, in.remaining()));
      List<Read> pieces = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        pieces.add(
            switch (in.getInt("form of a piece", RUN, INDEXED_TERMS)) {
              case RUN -> new Read.Run(HeapRun.read(in, slotCount));
              case TERMS -> terms(in);
              default -> MappedTerms.read(in);
            });
      }
      if (in.remaining() > 0) {
        throw new CorruptFileException(
            file, in.position(), "the end of the file", in.remaining() + " more bytes");
      }
      in.expectChecksum(part.crc32c());
      return pieces;
    }
  }

  /**
   * Maps a file with one piece and checks everything; what is not to be read in place is read.
   *
   * @param folder of the link that goes with the last release; not that of the checkpoint
   * @param slotCount no slot is as high
   */
  static List<Read> map(Path folder, IndexPart part, int slotCount) throws IOException {
    MappedPiece piece = MappedPiece.open(folder, part, true);
    MemorySegment bytes = piece.bytes();
    int form =
        part.lengthBytes() > ONE_PIECE_BYTES
                && bytes.get(MappedPiece.INT, FileHeader.BYTES) == 1
                && bytes.get(MappedPiece.INT, 0) == FileHeader.MAGIC
                && bytes.get(MappedPiece.INT, 4) == KIND
                && bytes.get(MappedPiece.INT, 12) == 0
            ? formOf(
                bytes.get(MappedPiece.INT, 8), bytes.get(MappedPiece.INT, FileHeader.BYTES + 4))
            : TERMS;
    switch (form) {
      case RUN -> {
        return List.of(new Read.Run(MappedRun.checked(piece, slotCount)));
      }
      case INDEXED_TERMS -> {
        return List.of(new Read.TermsInPlace(MappedTerms.checked(piece)));
      }
      default -> {
        // Also what is damaged: reading says how.
        List<Read> read;
        try {
          read = read(folder, part, slotCount);
        } finally {
          piece.release();
        }
        return read;
      }
    }
  }

  /** The form of the one piece, if it goes with the version and can be read in place. */
  private static int formOf(int version, int form) {
    boolean isRun = form == RUN && (version == VERSION || version == VERSION_OF_INDEXED_TERMS);
    boolean areTerms = form == INDEXED_TERMS && version == VERSION_OF_INDEXED_TERMS;
    return isRun || areTerms ? form : TERMS;
  }

  private static Read.Terms terms(ChecksummedReader in) throws IOException {
    int from = in.getInt("first code", 0, Integer.MAX_VALUE);
    int most = (int) Math.min(Integer.MAX_VALUE - from, in.remaining() / Integer.BYTES);
    int count = in.getInt("terms", 0, most);
    List<byte[]> terms = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte[] term =
          new byte[in.getInt("bytes of a term", 0, (int) Math.min(TERM_BYTES_MAX, in.remaining()))];
      in.getBytes(term);
      terms.add(term);
    }
    return new Read.Terms(from, terms);
  }
}
