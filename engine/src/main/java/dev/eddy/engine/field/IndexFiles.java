package dev.eddy.engine.field;

import static java.util.Objects.requireNonNull;

import dev.eddy.engine.field.FieldIndexManifest.Place;
import dev.eddy.engine.format.CorruptFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of stored indexes in the live folder: what is large has a file of its own, written when
 * the first checkpoint needs it and linked by the later ones; what is small changes all the time
 * and is written into one file, for each checkpoint anew.
 *
 * <p>Runs and terms of fields on disk are used from files here, of which checkpoints link those
 * that they hold.
 *
 * <p>Threading: by one checkpoint at a time, any one thread; mapped ones are made by any thread.
 */
public final class IndexFiles {
  private static final Logger log = LoggerFactory.getLogger(IndexFiles.class);

  /**
   * Bytes from which what is large of a field on disk is used from there: about what takes more
   * work to merge than is done at once.
   */
  public static final long MAPPED_BYTES_MIN = Piece.LARGE_BYTES_MIN;

  /** New terms join the chunk before them unless it is this many times as large. */
  private static final int CHUNK_RATIO = 2;

  private final Path folder;
  private final Force force;
  private final long mappedBytesMin;
  private final AtomicLong nextFile = new AtomicLong(1);

  /** Files that are there, by what they hold. */
  private Map<List<Piece>, IndexPart> known = new HashMap<>();

  /** Terms that have files of their own, in the order of codes. */
  private Map<TermDictionary, List<Piece.Terms>> chunks = new HashMap<>();

  /** Makes a file's contents durable. */
  @FunctionalInterface
  public interface Force {
    void force(Path file) throws IOException;
  }

  /**
   * @param folder of these files alone, on the file system of the checkpoints
   */
  public IndexFiles(Path folder, Force force) {
    this(folder, force, MAPPED_BYTES_MIN);
  }

  /**
   * @param mappedBytesMin bytes from which a run, or terms, of a field on disk are used from there
   */
  public IndexFiles(Path folder, Force force, long mappedBytesMin) {
    this.folder = folder;
    this.force = force;
    this.mappedBytesMin = mappedBytesMin;
  }

  long mappedBytesMin() {
    return mappedBytesMin;
  }

  /** Writes a run to a file and maps it. By any thread; the caller owns the reference. */
  MappedRun mapped(HeapRun run) throws IOException {
    Piece content = new Piece.Runs(List.of(run), false);
    return MappedRun.of(mapped(file -> PieceFile.write(file, List.of(content), _ -> true)));
  }

  /** Writes terms to a file and maps it. By any thread; the caller owns the reference. */
  MappedTerms mapped(TermDictionary terms, TermDictionary.Stretch of) throws IOException {
    return MappedTerms.of(mapped(file -> PieceFile.writeIndexed(file, terms, of.from(), of.to())));
  }

  private interface Writing {
    IndexPart write(Path file) throws IOException;
  }

  private MappedPiece mapped(Writing writing) throws IOException {
    Path file = nextFile();
    try {
      return MappedPiece.open(folder, writing.write(file), false);
    } catch (IOException | RuntimeException failed) {
      delete(file);
      throw failed;
    }
  }

  private Path nextFile() {
    return folder.resolve(FieldIndexManifest.fileName(nextFile.getAndIncrement()));
  }

  /**
   * Maps a file of a checkpoint with one piece; nothing is left of it here when it is damaged.
   *
   * @param slotCount no slot is as high
   */
  List<PieceFile.Read> map(IndexPart part, Path checkpointFolder, int slotCount)
      throws IOException {
    Path link = folder.resolve(part.name());
    Path file = checkpointFolder.resolve(part.name());
    if (!Files.exists(file)) {
      throw new CorruptFileException(file, 0, part.lengthBytes() + " bytes", "no file");
    }
    Files.createLink(link, file);
    try {
      return PieceFile.map(folder, part, slotCount);
    } catch (CorruptFileException damaged) {
      delete(link);
      throw damaged;
    }
  }

  /** Takes over a file of a checkpoint that holds just this. */
  void adopt(List<Piece> pieces, IndexPart part, Path checkpointFolder) throws IOException {
    Files.createLink(folder.resolve(part.name()), checkpointFolder.resolve(part.name()));
    known.put(List.copyOf(pieces), part);
    if (pieces.getFirst() instanceof Piece.Terms terms && terms.isLarge()) {
      List<Piece.Terms> filed = chunks.computeIfAbsent(terms.dictionary(), _ -> new ArrayList<>());
      // A build with another bound of what is large may have left a gap.
      if (terms.from() == end(filed)) {
        filed.add(terms);
      }
    }
  }

  private static int end(List<Piece.Terms> filed) {
    return filed.isEmpty() ? 0 : filed.getLast().to();
  }

  /** No file has a number as high. */
  void numberFrom(long next) {
    nextFile.accumulateAndGet(next, Math::max);
  }

  long nextNumber() {
    return nextFile.get();
  }

  /**
   * Terms as pieces: those that are mapped, those that have files, and those that came since.
   *
   * @param mapped from the first one on
   */
  List<Piece> ofTerms(TermDictionary dictionary, List<MappedTerms> mapped, int size) {
    if (!mapped.isEmpty()) {
      List<Piece> pieces = new ArrayList<>();
      mapped.forEach(chunk -> pieces.add(new Piece.Mapped(chunk.piece())));
      int end = mapped.getLast().end();
      if (end < size) {
        pieces.add(Piece.Terms.of(dictionary, end, size));
      }
      return List.copyOf(pieces);
    }
    List<Piece.Terms> filed = new ArrayList<>(chunks.getOrDefault(dictionary, List.of()));
    Piece.Terms rest = Piece.Terms.of(dictionary, end(filed), size);
    if (rest.isLarge()) {
      while (!filed.isEmpty() && filed.getLast().storedBytes() < CHUNK_RATIO * rest.storedBytes()) {
        Piece.Terms before = filed.removeLast();
        rest = Piece.Terms.of(dictionary, before.from(), size);
      }
      filed.add(rest);
      chunks.put(dictionary, filed);
      return List.copyOf(filed);
    }
    List<Piece> pieces = new ArrayList<>(filed);
    if (rest.from() < rest.to()) {
      pieces.add(rest);
    }
    return List.copyOf(pieces);
  }

  /** Runs as pieces: each that takes work to merge, and what is small between them. */
  static List<Piece> ofRuns(List<PostingRun> runs) {
    List<Piece> pieces = new ArrayList<>();
    int from = 0;
    for (int at = 1; at <= runs.size(); at++) {
      boolean isEnd = at == runs.size() || !isFolded(runs.get(at)) || !isFolded(runs.get(at - 1));
      if (isEnd) {
        pieces.add(
            runs.get(from) instanceof MappedRun mapped
                ? new Piece.Mapped(mapped.piece())
                : new Piece.Runs(runs.subList(from, at), from == 0));
        from = at;
      }
    }
    return pieces;
  }

  private static boolean isFolded(PostingRun run) {
    return run instanceof HeapRun && run.weight() <= PostingLog.MERGED_AT_ONCE_MAX;
  }

  /** What was written. */
  record Written(List<IndexPart> parts, Map<Piece, Place> places) {
    Place placeOf(Piece piece) {
      return requireNonNull(places.get(piece), "a piece that was written");
    }
  }

  /**
   * Writes what no file holds yet, forces it to disk and links all into the checkpoint's folder.
   * Files that it does not need are of no more use and go.
   */
  Written write(List<Piece> pieces, IntPredicate live, Path checkpointFolder) throws IOException {
    List<List<Piece>> contents = new ArrayList<>();
    List<Piece> small = new ArrayList<>();
    for (Piece piece : pieces) {
      if (piece.isLarge()) {
        contents.add(List.of(piece));
      } else {
        small.add(piece);
      }
    }
    if (!small.isEmpty()) {
      contents.add(List.copyOf(small));
    }
    List<IndexPart> parts = new ArrayList<>();
    Map<Piece, Place> places = new HashMap<>();
    Map<List<Piece>, IndexPart> needed = new HashMap<>();
    for (List<Piece> content : contents) {
      IndexPart part = linked(content, live, checkpointFolder, needed);
      for (int i = 0; i < content.size(); i++) {
        places.put(content.get(i), new Place(parts.size(), i));
      }
      parts.add(part);
    }
    keepOnly(needed);
    return new Written(parts, places);
  }

  private IndexPart linked(
      List<Piece> content,
      IntPredicate live,
      Path checkpointFolder,
      Map<List<Piece>, IndexPart> needed)
      throws IOException {
    if (content.getFirst() instanceof Piece.Mapped(MappedPiece mapped)) {
      return mapped.linkInto(checkpointFolder, force);
    }
    IndexPart part = known.get(content);
    if (part == null) {
      part = written(content, live);
      known.put(content, part);
    }
    Files.createLink(checkpointFolder.resolve(part.name()), folder.resolve(part.name()));
    needed.put(content, part);
    return part;
  }

  private IndexPart written(List<Piece> content, IntPredicate live) throws IOException {
    Path file = nextFile();
    try {
      IndexPart part = PieceFile.write(file, content, live);
      force.force(file);
      return part;
    } catch (IOException | RuntimeException failed) {
      delete(file);
      throw failed;
    }
  }

  private void keepOnly(Map<List<Piece>, IndexPart> needed) {
    known.forEach((content, part) -> {
      if (!needed.containsKey(content)) {
        delete(folder.resolve(part.name()));
      }
    });
    known = needed;
    Map<TermDictionary, List<Piece.Terms>> present = new HashMap<>();
    needed
        .keySet()
        .forEach(content -> {
          if (content.getFirst() instanceof Piece.Terms terms && terms.isLarge()) {
            present.put(terms.dictionary(), chunks.getOrDefault(terms.dictionary(), List.of()));
          }
        });
    chunks = present;
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failure) {
      // The live folder is scratch and emptied at the next start.
      log.warn("event=file-delete-failed file={} reason=\"{}\"", file, failure.toString());
    }
  }
}
