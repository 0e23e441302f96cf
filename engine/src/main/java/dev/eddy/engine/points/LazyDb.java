package dev.eddy.engine.points;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A point store's database, opened when it is first needed: of a thousand small collections most
 * are asked for no payload and written nothing for hours, and opening one to be written takes
 * milliseconds, files and memory.
 *
 * <p>Moments that were taken before are all the same one, that of the store's beginning: what
 * changes the store opens it first. They share what reads it: what the store begins with, opened
 * for reading alone, which takes a tenth of the time, or once the store is open a snapshot of it.
 *
 * <p>Thread-safe. Who uses it sees to it that it isn't opened after it was closed.
 */
final class LazyDb implements AutoCloseable {
  private final Opener opener;
  private volatile @Nullable StoreDb db;

  /** Why it does not open; it is not tried again. Guarded by this. */
  private @Nullable IOException failure;

  /** Moments taken before the opening and not given back. Guarded by this. */
  private int early;

  /** What those read; null before anybody did, and when none is left. Guarded by this. */
  private @Nullable StoreMoment first;

  /** Opens the database. */
  interface Opener {
    /** To be read and written. */
    StoreDb open() throws IOException;

    /** What it begins with, to be read only; null where that is nothing. */
    @Nullable StoreDb openToRead() throws IOException;
  }

  LazyDb(Opener opener) {
    this.opener = opener;
  }

  /** Null while it is not open. */
  @Nullable StoreDb ifOpen() {
    return db;
  }

  /**
   * Opens it if it is not open.
   *
   * @throws IOException each time, when the first try failed
   */
  StoreDb open() throws IOException {
    StoreDb open = db;
    return open != null ? open : openNow();
  }

  private synchronized StoreDb openNow() throws IOException {
    StoreDb open = db;
    if (open != null) {
      return open;
    }
    requireSound();
    try {
      open = opener.open();
    } catch (IOException e) {
      failure = e;
      throw e;
    }
    if (early > 0 && first == null) {
      first = StoreMoment.now(open);
    }
    db = open;
    return open;
  }

  private synchronized void requireSound() throws IOException {
    if (failure != null) {
      throw new IOException(failure.getMessage(), failure);
    }
  }

  /** Everything as of now; null where that is as it began, see {@link #first}. */
  synchronized @Nullable StoreMoment now() {
    StoreDb open = db;
    if (open != null) {
      return StoreMoment.now(open);
    }
    early++;
    return null;
  }

  /** For who got no moment from {@link #now}: that of the beginning, opened if it is not open. */
  synchronized StoreMoment first() throws IOException {
    StoreMoment shared = first;
    if (shared != null) {
      return shared;
    }
    requireSound();
    try {
      StoreDb reading = opener.openToRead();
      shared = reading == null ? null : StoreMoment.only(reading);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
    if (shared == null) {
      var _ = openNow();
      return requireNonNull(first, "a moment that was given back");
    }
    first = shared;
    return shared;
  }

  /** Gives back what was no moment of its own. */
  synchronized void doneWithFirst() {
    early--;
    StoreMoment shared = first;
    if (early == 0 && shared != null) {
      first = null;
      shared.close();
    }
  }

  @Override
  public void close() {
    StoreDb open = db;
    if (open != null) {
      open.close();
    }
  }
}
