package dev.eddy.controller;

import dev.eddy.model.cluster.ChangeId;
import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.MetaChange;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What was decided of a change, as a note of the metadata topic: {@code change/<node>/<slot>} =
 * {@code <incarnation> <sequence> <word>}, format 1; {@code word} is {@code done}, {@code absent}
 * or {@code failed <error code> <text>}.
 *
 * @param id of the change
 * @param kind how it ended
 * @param code of a failure, else INTERNAL
 * @param text of a failure, else empty
 */
record Outcome(ChangeId id, Kind kind, ErrorCode code, String text) {
  private static final Pattern FORMAT =
      Pattern.compile("(\\d+) (\\d+) (done|absent|failed (\\w+) (.*))", Pattern.DOTALL);

  enum Kind {
    /** It was decided, or there was nothing to change. */
    DONE,
    /** What was to be dropped is not there. */
    ABSENT,
    /** A mistake of whoever asked. */
    FAILED
  }

  static Outcome done(ChangeId id) {
    return new Outcome(id, Kind.DONE, ErrorCode.INTERNAL, "");
  }

  static Outcome absent(ChangeId id) {
    return new Outcome(id, Kind.ABSENT, ErrorCode.INTERNAL, "");
  }

  static Outcome failed(ChangeId id, EddyException failure) {
    return new Outcome(id, Kind.FAILED, failure.code(), failure.text());
  }

  EddyException failure() {
    return new EddyException(code, text);
  }

  MetaChange note() {
    String word =
        switch (kind) {
          case DONE -> "done";
          case ABSENT -> "absent";
          case FAILED -> "failed " + code.name() + " " + text;
        };
    return new MetaChange.NoteSet(
        name(id), "%d %d %s".formatted(id.incarnation(), id.sequence(), word));
  }

  private static String name(ChangeId id) {
    return "change/" + id.nodeId() + "/" + id.slot();
  }

  /**
   * The last outcome in the slot of a change: of this change, or of one before or after it.
   *
   * @throws IllegalStateException if the note has another format
   */
  static Optional<Outcome> last(ClusterState state, ChangeId id) {
    String note = state.notes().get(name(id));
    if (note == null) {
      return Optional.empty();
    }
    Matcher parts = FORMAT.matcher(note);
    if (!parts.matches()) {
      throw new IllegalStateException("no outcome of a change: " + note);
    }
    ChangeId known =
        new ChangeId(
            id.nodeId(), Long.parseLong(parts.group(1)), id.slot(), Long.parseLong(parts.group(2)));
    return Optional.of(
        switch (parts.group(3)) {
          case "done" -> done(known);
          case "absent" -> absent(known);
          default ->
              new Outcome(known, Kind.FAILED, ErrorCode.valueOf(parts.group(4)), parts.group(5));
        });
  }
}
