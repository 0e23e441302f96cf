package dev.eddy.engine.points;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** An open database of a point store. Safe from any thread until it is closed. */
final class StoreDb implements AutoCloseable {
  private static final byte[] PAYLOADS = {'p'};

  private final RocksDB db;
  private final ColumnFamilyHandle ids;
  private final ColumnFamilyHandle payloads;

  private StoreDb(RocksDB db, ColumnFamilyHandle ids, ColumnFamilyHandle payloads) {
    this.db = db;
    this.ids = ids;
    this.payloads = payloads;
  }

  /** Opens the database in a folder, which is made if missing. */
  static StoreDb open(Path folder, StoreResources resources) throws IOException {
    return open(folder, resources, RocksDB::open);
  }

  /** Opens the database in a folder, where nothing is changed. */
  static StoreDb openToRead(Path folder, StoreResources resources) throws IOException {
    return open(folder, resources, RocksDB::openReadOnly);
  }

  /** One of RocksDB's ways to open. */
  @FunctionalInterface
  private interface Way {
    RocksDB open(
        DBOptions options,
        String folder,
        List<ColumnFamilyDescriptor> families,
        List<ColumnFamilyHandle> opened)
        throws RocksDBException;
  }

  private static StoreDb open(Path folder, StoreResources resources, Way way) throws IOException {
    List<ColumnFamilyHandle> families = new ArrayList<>();
    try {
      RocksDB db =
          way.open(
              resources.options(),
              folder.toString(),
              List.of(
                  new ColumnFamilyDescriptor(
                      RocksDB.DEFAULT_COLUMN_FAMILY, resources.familyOptions()),
                  new ColumnFamilyDescriptor(PAYLOADS, resources.familyOptions())),
              families);
      return new StoreDb(db, families.get(0), families.get(1));
    } catch (RocksDBException e) {
      throw new IOException("point store in " + folder + " does not open: " + e.getMessage(), e);
    }
  }

  /**
   * Puts the files of a store's copy into the folder of a store, where none are: tables are shared
   * with the copy, what RocksDB appends to or replaces is copied. Options stay where they are: none
   * of them are read again.
   */
  static void take(Path copy, Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> entries = Files.list(copy)) {
      files = entries.sorted().toList();
    }
    for (Path file : files) {
      String name = String.valueOf(file.getFileName());
      Path target = folder.resolve(name);
      if (name.endsWith(".sst")) {
        Files.createLink(target, file);
      } else if (!name.startsWith("OPTIONS-")) {
        Files.copy(file, target);
      }
    }
  }

  RocksDB db() {
    return db;
  }

  /** Slots by id. */
  ColumnFamilyHandle ids() {
    return ids;
  }

  /** Payloads by slot. */
  ColumnFamilyHandle payloads() {
    return payloads;
  }

  List<ColumnFamilyHandle> families() {
    return List.of(ids, payloads);
  }

  static boolean isOfPayloads(byte[] familyName) {
    return Arrays.equals(familyName, PAYLOADS);
  }

  @Override
  public void close() {
    ids.close();
    payloads.close();
    db.close();
  }
}
