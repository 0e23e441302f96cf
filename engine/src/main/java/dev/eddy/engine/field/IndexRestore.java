package dev.eddy.engine.field;

import dev.eddy.engine.field.FieldIndexManifest.Place;
import dev.eddy.engine.field.FieldIndexManifest.StoredField;
import dev.eddy.engine.filter.FieldElements;
import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.model.collection.FieldIndex;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the indexes that a checkpoint holds. A damaged file costs the indexes that have a part in
 * it, and nothing else: they are made again. One thread, once.
 */
final class IndexRestore {
  private final FieldIndexManifest manifest;
  private final Path folder;
  private final int slotCount;
  private final IndexFiles live;

  /** What is in those files that were read and are whole, by index. */
  private final Map<Integer, List<PieceFile.Read>> files = new TreeMap<>();

  private final Map<Integer, CorruptFileException> damaged = new TreeMap<>();

  /** What has become of the pieces that were taken over. */
  private final Map<Place, Piece> taken = new HashMap<>();

  /** How many pieces the fields have in a file, by index. */
  private final Map<Integer, Long> pieceCounts;

  IndexRestore(FieldIndexManifest manifest, Path folder, int slotCount, IndexFiles live) {
    this.manifest = manifest;
    this.folder = folder;
    this.slotCount = slotCount;
    this.live = live;
    this.pieceCounts =
        manifest.fields().values().stream()
            .flatMap(StoredField::places)
            .collect(Collectors.groupingBy(Place::file, Collectors.counting()));
  }

  /** What is wrong with files, by index. */
  Map<Integer, CorruptFileException> damaged() {
    return damaged;
  }

  /**
   * The index of a field; null when a part of it is damaged.
   *
   * @param declared what it is to be kept as
   */
  @Nullable DeclaredField field(StoredField stored, FieldIndex declared, FieldElements elements)
      throws IOException {
    Map<Place, PieceFile.Read> pieces = new HashMap<>();
    boolean isWhole = true;
    for (Place place : stored.places().toList()) {
      try {
        pieces.put(place, piece(place, declared.isOnDisk()));
      } catch (CorruptFileException found) {
        damaged.putIfAbsent(place.file(), found);
        isWhole = false;
      }
    }
    DeclaredField field = isWhole ? new Assembly(pieces).field(stored, elements) : null;
    if (field == null) {
      pieces.forEach((place, piece) -> {
        if (isReleased(piece)) {
          files.remove(place.file());
        }
      });
    }
    return field;
  }

  /** Gives a piece back that is in its own mapped file; false = it is none. */
  private static boolean isReleased(PieceFile.Read piece) {
    switch (piece) {
      case PieceFile.Read.Run(MappedRun run) -> run.release();
      case PieceFile.Read.TermsInPlace(MappedTerms terms) -> terms.piece().release();
      case PieceFile.Read.Run _, PieceFile.Read.Terms _ -> {
        return false;
      }
    }
    return true;
  }

  private PieceFile.Read piece(Place place, boolean isOnDisk) throws IOException {
    CorruptFileException known = damaged.get(place.file());
    if (known != null) {
      throw known;
    }
    List<PieceFile.Read> pieces = files.get(place.file());
    if (pieces == null) {
      IndexPart part = manifest.files().get(place.file());
      boolean isMapped =
          isOnDisk
              && pieceCounts.getOrDefault(place.file(), 0L) == 1
              && part.lengthBytes() >= live.mappedBytesMin();
      pieces =
          isMapped ? live.map(part, folder, slotCount) : PieceFile.read(folder, part, slotCount);
      files.put(place.file(), pieces);
    }
    if (place.piece() < 0 || place.piece() >= pieces.size()) {
      throw corrupt(place, "a piece", "only " + pieces.size());
    }
    return pieces.get(place.piece());
  }

  private CorruptFileException corrupt(Place place, String expected, String found) {
    Path file = folder.resolve(manifest.files().get(place.file()).name());
    return new CorruptFileException(file, 0, expected + " as piece " + place.piece(), found);
  }

  /** Makes a field of the pieces that are its. */
  private final class Assembly {
    private final Map<Place, PieceFile.Read> pieces;
    private final Map<Place, Piece> used = new HashMap<>();

    Assembly(Map<Place, PieceFile.Read> pieces) {
      this.pieces = pieces;
    }

    @Nullable DeclaredField field(StoredField stored, FieldElements elements) {
      FieldReader reader = new FieldReader(elements);
      TermDictionary terms = reader.terms();
      Place at = null;
      try {
        int codes = 0;
        for (Place place : stored.terms()) {
          at = place;
          codes = addTerms(place, terms, codes);
        }
        List<PostingRun> values = new ArrayList<>();
        for (Place place : stored.values()) {
          at = place;
          PostingRun run = run(place, values.isEmpty());
          if (terms != null && run.keyCount() > 0) {
            checkCodes(place, run, codes);
          }
          values.add(run);
        }
        List<PostingRun> facts = new ArrayList<>();
        for (Place place : stored.facts()) {
          at = place;
          facts.add(run(place, facts.isEmpty()));
        }
        taken.putAll(used);
        return DeclaredField.restored(stored.declared(), reader, values, facts);
      } catch (CorruptFileException found) {
        damaged.putIfAbsent(at == null ? 0 : at.file(), found);
        return null;
      }
    }

    private int addTerms(Place place, @Nullable TermDictionary terms, int codes)
        throws CorruptFileException {
      if (terms != null
          && pieces.get(place) instanceof PieceFile.Read.TermsInPlace(MappedTerms mapped)
          && mapped.first() == codes
          && terms.isMappedToTheEnd()) {
        terms.map(mapped);
        return terms.size();
      }
      if (terms == null
          || !(pieces.get(place) instanceof PieceFile.Read.Terms(int from, List<byte[]> stored))
          || from != codes) {
        throw corrupt(place, "terms from code " + codes, "others");
      }
      for (byte[] term : stored) {
        if (!terms.addStored(term)) {
          throw corrupt(place, "different terms", "code " + terms.size() + " is none");
        }
      }
      used.put(place, Piece.Terms.of(terms, from, terms.size()));
      return terms.size();
    }

    private PostingRun run(Place place, boolean isOldest) throws CorruptFileException {
      if (!(pieces.get(place) instanceof PieceFile.Read.Run(PostingRun run))) {
        throw corrupt(place, "a run", "none");
      }
      used.put(
          place,
          run instanceof MappedRun mapped
              ? new Piece.Mapped(mapped.piece())
              : new Piece.Runs(List.of(run), isOldest));
      return run;
    }

    private void checkCodes(Place place, PostingRun run, int codes) throws CorruptFileException {
      if (run.key(0) < 0 || run.key(run.keyCount() - 1) >= codes) {
        throw corrupt(place, "codes below " + codes, "others");
      }
    }
  }

  /** Takes over those files of which everything is in use. */
  void adopt() throws IOException {
    live.numberFrom(manifest.nextFile());
    for (Map.Entry<Integer, List<PieceFile.Read>> file : files.entrySet()) {
      List<Piece> content = new ArrayList<>();
      for (int i = 0; i < file.getValue().size(); i++) {
        Piece piece = taken.get(new Place(file.getKey(), i));
        if (piece != null) {
          content.add(piece);
        }
      }
      // What is mapped has its link already.
      boolean isInUse =
          !content.isEmpty()
              && !(content.getFirst() instanceof Piece.Mapped)
              && content.size() == file.getValue().size();
      if (isInUse && !damaged.containsKey(file.getKey())) {
        live.adopt(content, manifest.files().get(file.getKey()), folder);
      }
    }
  }
}
