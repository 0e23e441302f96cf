package dev.eddy.engine.field;

import dev.eddy.engine.field.FieldIndexManifest.Place;
import dev.eddy.engine.field.FieldIndexManifest.StoredField;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntPredicate;

/**
 * The indexes of a shard's fields at one moment, to be written by any one thread while the writer
 * goes on. Holds memory and mapped files until it is closed, written or not.
 */
public final class FieldIndexCheckpoint implements AutoCloseable {
  private final IndexFiles files;
  private final Map<String, DeclaredField.Moment> fields;
  private final IntPredicate live;

  FieldIndexCheckpoint(
      IndexFiles files, Map<String, DeclaredField.Moment> fields, IntPredicate live) {
    this.files = files;
    this.fields = fields;
    this.live = live;
  }

  private record Pieces(List<Piece> values, List<Piece> facts, List<Piece> terms) {}

  /**
   * Writes the files that are not there yet, forces them to disk and hard-links all into the
   * folder. The caller forces the folder and stores the manifest.
   */
  public FieldIndexManifest writeTo(Path checkpointFolder) throws IOException {
    Map<String, Pieces> pieces = new LinkedHashMap<>();
    List<Piece> all = new ArrayList<>();
    fields.forEach((name, field) -> {
      TermDictionary terms = field.terms();
      Pieces ofField =
          new Pieces(
              IndexFiles.ofRuns(field.values()),
              IndexFiles.ofRuns(field.facts()),
              terms == null
                  ? List.of()
                  : files.ofTerms(terms, field.mappedTerms(), field.termCount()));
      pieces.put(name, ofField);
      all.addAll(ofField.values());
      all.addAll(ofField.facts());
      all.addAll(ofField.terms());
    });
    IndexFiles.Written written = files.write(all, live, checkpointFolder);
    Map<String, StoredField> stored = new HashMap<>();
    pieces.forEach((name, ofField) ->
        stored.put(
            name,
            new StoredField(
                field(name).declared(),
                places(ofField.values(), written),
                places(ofField.facts(), written),
                places(ofField.terms(), written))));
    fields.values().forEach(field -> field.field().saved());
    return new FieldIndexManifest(
        FieldIndexManifest.MEANING, files.nextNumber(), written.parts(), stored);
  }

  @Override
  public void close() {
    fields.values().forEach(DeclaredField.Moment::release);
  }

  private DeclaredField.Moment field(String name) {
    return Objects.requireNonNull(fields.get(name), name);
  }

  private static List<Place> places(List<Piece> pieces, IndexFiles.Written written) {
    return pieces.stream().map(written::placeOf).toList();
  }
}
