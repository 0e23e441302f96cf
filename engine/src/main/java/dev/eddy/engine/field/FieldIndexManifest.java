package dev.eddy.engine.field;

import dev.eddy.model.collection.FieldIndex;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a checkpoint holds of a shard's field indexes. The caller stores it in its own, checksummed
 * manifest.
 *
 * @param meaning of keys and terms; others than {@link #MEANING} are of no use
 * @param nextFile number of the next file to be created
 * @param fields those with an index, by name
 */
public record FieldIndexManifest(
    String meaning, long nextFile, List<IndexPart> files, Map<String, StoredField> fields) {
  /**
   * What the index of a field takes from a payload. The number is to be raised when that changes,
   * in whatever code: how texts become tokens, points cells, or dates moments. Java has a part in
   * it, since it says what a letter is.
   */
  public static final String MEANING = "1 java " + Runtime.version().feature();

  private static final Pattern FILE_NAME = Pattern.compile("fields-(\\d{1,18})\\.index");

  /**
   * @throws IllegalArgumentException when it contradicts itself
   */
  public FieldIndexManifest {
    files = List.copyOf(files);
    fields = Map.copyOf(fields);
    Set<String> names = new HashSet<>();
    for (IndexPart file : files) {
      Matcher name = FILE_NAME.matcher(file.name());
      if (!name.matches()
          || Long.parseLong(name.group(1)) >= nextFile
          || !names.add(file.name())
          || file.lengthBytes() < 0) {
        throw new IllegalArgumentException("no file of indexes: " + file);
      }
    }
    int fileCount = files.size();
    fields.forEach((name, field) -> {
      Set<Place> places = new HashSet<>();
      field
          .places()
          .forEach(place -> {
            if (place.file() < 0 || place.file() >= fileCount || !places.add(place)) {
              throw new IllegalArgumentException("no place of an index of " + name + ": " + place);
            }
          });
    });
  }

  static String fileName(long number) {
    return "fields-" + number + ".index";
  }

  /**
   * The index of one field.
   *
   * @param declared as of the checkpoint
   * @param values runs, oldest first
   * @param facts runs, oldest first
   * @param terms in the order of codes; none where values are no terms
   */
  public record StoredField(
      FieldIndex declared, List<Place> values, List<Place> facts, List<Place> terms) {
    public StoredField {
      values = List.copyOf(values);
      facts = List.copyOf(facts);
      terms = List.copyOf(terms);
    }

    Stream<Place> places() {
      return Stream.of(values, facts, terms).flatMap(List::stream);
    }
  }

  /**
   * Where a piece of an index is.
   *
   * @param file index of the file
   * @param piece index of the piece in it
   */
  public record Place(int file, int piece) {}

  /** Bytes of all files. */
  public long lengthBytes() {
    return files.stream().mapToLong(IndexPart::lengthBytes).sum();
  }
}
