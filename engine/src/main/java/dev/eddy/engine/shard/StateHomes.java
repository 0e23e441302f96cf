package dev.eddy.engine.shard;

import static java.util.Objects.requireNonNull;

import dev.eddy.engine.checkpoint.FileStore;
import dev.eddy.engine.points.PointStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where states of a shard have their files: each in a folder of its own in the live folder. None is
 * given twice, also to the next who opens the shard: readers and background work may outlast a
 * state's closing, and remove or write files by their names when another state has some of the same
 * names. Owned by the writer.
 */
final class StateHomes {
  private static final Logger log = LoggerFactory.getLogger(StateHomes.class);
  private static final Pattern NAME = Pattern.compile("state-([0-9]{1,18})");

  private final Path live;
  private final DamageMarks marks;
  private final FileStore files;
  private final List<Left> left = new ArrayList<>();
  private @Nullable Path current;
  private long given;

  /** A home whose state is closed, but for readers. */
  private record Left(Path home, PointStore store) {}

  private StateHomes(Path live, DamageMarks marks, FileStore files) {
    this.live = live;
    this.marks = marks;
    this.files = files;
  }

  /** Of a shard of which no state is open any more, but for readers. */
  static StateHomes open(Path live, DamageMarks marks, FileStore files) throws IOException {
    StateHomes homes = new StateHomes(live, marks, files);
    for (Path entry : files.list(live)) {
      Matcher matcher = NAME.matcher(String.valueOf(entry.getFileName()));
      if (matcher.matches()) {
        homes.given = Math.max(homes.given, Long.parseLong(matcher.group(1)));
      }
    }
    return homes;
  }

  /** A new folder, empty. */
  Path next() throws IOException {
    given++;
    Path home = live.resolve("state-" + given);
    files.createFolder(home);
    return home;
  }

  /** The first state moved in: nothing else is needed any more. */
  void opened(Path home) {
    current = home;
  }

  /** A state moved in, in place of the former one, whose home goes when its last reader is done. */
  void moved(Path home, PointStore former) {
    left.add(new Left(requireNonNull(current, "a home that is opened"), former));
    current = home;
  }

  /** A state did not move in after all. */
  void givenUp(Path home, PointStore store) {
    left.add(new Left(home, store));
  }

  /** Removes homes that nobody reads any more. */
  void sweep() {
    for (Left each : List.copyOf(left)) {
      if (each.store().isReleased()) {
        left.remove(each);
        remove(each.home());
      }
    }
  }

  private void remove(Path home) {
    try {
      marks.clear(home);
    } catch (IOException e) {
      log.warn("event=files-not-removed folder={} until=\"the shard is opened again\"", home, e);
    }
  }
}
