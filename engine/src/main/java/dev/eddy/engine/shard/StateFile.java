package dev.eddy.engine.shard;

import dev.eddy.engine.format.ChecksummedReader;
import dev.eddy.engine.format.ChecksummedWriter;
import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.engine.format.FileHeader;
import dev.eddy.engine.points.SlotTable;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.point.PointId;
import dev.eddy.model.update.Verdict.Rejected;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The part of a shard's state that lives in memory, as a checkpoint stores it. Kind {@code STAT},
 * version 1, little endian; length and CRC32C stand in the manifest.
 *
 * <pre>
 *   header          16 bytes, see {@link FileHeader}
 *   contentHash     2 * int64
 *   ignoredRepeats  int64
 *   brokenChains    int64
 *   sources         int32, then each: topic id 2 * int64, partition int32, last int64
 *   reach           int64     of the verdict ring
 *   refusals        int32, then each: offset int64, code text, reason text
 *   slots           int32     ever given
 *   points          int32, then each, slots ascending: slot int32, kind int32 (0 number, 1 UUID),
 *                   id int64 or 2 * int64, version int64, payload hash int64, vectors hash int64
 *   text            length int32, UTF-8
 * </pre>
 */
final class StateFile {
  static final int KIND = FileHeader.fourLetters("STAT");
  static final int VERSION = 1;
  private static final int TEXT_BYTES_MAX = 1 << 20;
  private static final int COUNT_MAX = 1 << 24;
  private static final int NUMBER = 0;
  private static final int UUID_KIND = 1;

  private StateFile() {}

  /** Everything to store, of one moment. */
  record Image(
      SlotTable.Image slots,
      long contentHashFirst,
      long contentHashSecond,
      InboxTable.Image inbox,
      VerdictRing.Image verdicts) {}

  /** What was stored. */
  record Restored(SlotTable slots, InboxTable.Image inbox, VerdictRing.Image verdicts) {}

  static void write(Path file, Image image) throws IOException {
    try (ChecksummedWriter out = new ChecksummedWriter(file)) {
      FileHeader.write(out, KIND, VERSION);
      out.putLong(image.contentHashFirst());
      out.putLong(image.contentHashSecond());
      writeInbox(out, image.inbox());
      writeVerdicts(out, image.verdicts());
      writeSlots(out, image.slots());
      out.force();
    }
  }

  private static void writeInbox(ChecksummedWriter out, InboxTable.Image inbox) throws IOException {
    out.putLong(inbox.ignoredRepeats());
    out.putLong(inbox.brokenChains());
    out.putInt(inbox.last().size());
    for (Map.Entry<InboxTable.Source, Long> entry : inbox.last().entrySet()) {
      out.putLong(entry.getKey().topicId().getMostSignificantBits());
      out.putLong(entry.getKey().topicId().getLeastSignificantBits());
      out.putInt(entry.getKey().partition());
      out.putLong(entry.getValue());
    }
  }

  private static void writeVerdicts(ChecksummedWriter out, VerdictRing.Image verdicts)
      throws IOException {
    out.putLong(verdicts.reach());
    out.putInt(verdicts.entries().size());
    for (VerdictRing.Entry entry : verdicts.entries()) {
      out.putLong(entry.offset());
      writeText(out, entry.verdict().code().name());
      writeText(out, entry.verdict().reason());
    }
  }

  private static void writeText(ChecksummedWriter out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.putInt(bytes.length);
    out.putBytes(bytes);
  }

  private static void writeSlots(ChecksummedWriter out, SlotTable.Image image) throws IOException {
    SlotTable.View view = image.slots();
    out.putInt(view.live().slots());
    out.putInt(view.live().live());
    for (int slot = view.live().next(0); slot >= 0; slot = view.live().next(slot + 1)) {
      out.putInt(slot);
      switch (view.ids().get(slot)) {
        case PointId.Num num -> {
          out.putInt(NUMBER);
          out.putLong(num.bits());
        }
        case PointId.Uuid(UUID uuid) -> {
          out.putInt(UUID_KIND);
          out.putLong(uuid.getMostSignificantBits());
          out.putLong(uuid.getLeastSignificantBits());
        }
      }
      out.putLong(view.versions().get(slot));
      out.putLong(image.payloadHashes().get(slot));
      out.putLong(image.vectorHashes().get(slot));
    }
  }

  /**
   * @throws CorruptFileException when the file is not what {@link #write} wrote, or its points do
   *     not add up to its content hash
   */
  static Restored read(Path file, long lengthBytes) throws IOException {
    try (ChecksummedReader in = ChecksummedReader.open(file, lengthBytes)) {
      FileHeader.check(in, KIND, VERSION);
      long first = in.getLong();
      long second = in.getLong();
      InboxTable.Image inbox = readInbox(in);
      VerdictRing.Image verdicts = readVerdicts(in);
      SlotTable slots = readSlots(in);
      if (slots.contentHash().first() != first || slots.contentHash().second() != second) {
        throw new CorruptFileException(
            file, in.position(), "content hash of the points", slots.contentHash().hex());
      }
      return new Restored(slots, inbox, verdicts);
    }
  }

  private static InboxTable.Image readInbox(ChecksummedReader in) throws IOException {
    long ignoredRepeats = in.getLong();
    long brokenChains = in.getLong();
    int count = in.getInt("sources", 0, COUNT_MAX);
    Map<InboxTable.Source, Long> last = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      UUID topicId = new UUID(in.getLong(), in.getLong());
      last.put(new InboxTable.Source(topicId, in.getInt()), in.getLong());
    }
    return new InboxTable.Image(last, ignoredRepeats, brokenChains);
  }

  private static VerdictRing.Image readVerdicts(ChecksummedReader in) throws IOException {
    long reach = in.getLong();
    int count = in.getInt("refusals", 0, COUNT_MAX);
    List<VerdictRing.Entry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long offset = in.getLong();
      String code = readText(in);
      entries.add(new VerdictRing.Entry(offset, new Rejected(code(in, code), readText(in))));
    }
    return new VerdictRing.Image(reach, entries);
  }

  private static ErrorCode code(ChecksummedReader in, String name) throws IOException {
    try {
      return ErrorCode.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new CorruptFileException(in.file(), in.position(), "an error code", name);
    }
  }

  private static String readText(ChecksummedReader in) throws IOException {
    byte[] bytes = new byte[in.getInt("text length", 0, TEXT_BYTES_MAX)];
    in.getBytes(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static SlotTable readSlots(ChecksummedReader in) throws IOException {
    SlotTable slots = new SlotTable();
    int slotCount = in.getInt("slots", 0, SlotTable.SLOTS_MAX);
    int points = in.getInt("points", 0, slotCount);
    for (int i = 0; i < points; i++) {
      int slot = in.getInt("slot", slots.slots(), slotCount - 1);
      skipTo(slots, slot);
      PointId id =
          in.getInt("id kind", NUMBER, UUID_KIND) == NUMBER
              ? PointId.of(in.getLong())
              : PointId.of(new UUID(in.getLong(), in.getLong()));
      slots.place(id, in.getLong(), in.getLong(), in.getLong());
    }
    skipTo(slots, slotCount);
    return slots;
  }

  private static void skipTo(SlotTable slots, int slot) {
    while (slots.slots() < slot) {
      slots.skip();
    }
  }
}
