package dev.eddy.engine.points;

import dev.eddy.model.point.PointId;
import java.util.UUID;

/**
 * Id to slot of every live point: two open-addressing tables, one of numbers (12 bytes an entry)
 * and one of UUIDs (20 bytes), at most 5/8 full. Owned by the writer.
 */
public final class IdMap {
  /** No slot. */
  public static final int NONE = -1;

  private static final int CAPACITY_MIN = 16;

  private final Table numbers = new Table(1);
  private final Table uuids = new Table(2);

  /** The slot, or {@link #NONE}. */
  public int get(PointId id) {
    return switch (id) {
      case PointId.Num num -> numbers.get(num.bits(), 0);
      case PointId.Uuid(UUID uuid) ->
          uuids.get(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    };
  }

  /** Sets the slot and gives the former one, or {@link #NONE}. */
  public int put(PointId id, int slot) {
    return switch (id) {
      case PointId.Num num -> numbers.put(num.bits(), 0, slot);
      case PointId.Uuid(UUID uuid) ->
          uuids.put(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits(), slot);
    };
  }

  /** Forgets the id and gives its slot, or {@link #NONE}. */
  public int remove(PointId id) {
    return switch (id) {
      case PointId.Num num -> numbers.remove(num.bits(), 0);
      case PointId.Uuid(UUID uuid) ->
          uuids.remove(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    };
  }

  public int size() {
    return numbers.count + uuids.count;
  }

  public long memoryBytes() {
    return numbers.memoryBytes() + uuids.memoryBytes();
  }

  /** Linear probing; a removal shifts back, so there are no tombstones. */
  private static final class Table {
    private final int words;
    private long[] keys;
    private int[] slotsPlusOne;
    private int mask;
    private int count;

    Table(int words) {
      this.words = words;
      this.keys = new long[CAPACITY_MIN * words];
      this.slotsPlusOne = new int[CAPACITY_MIN];
      this.mask = CAPACITY_MIN - 1;
    }

    private int home(long high, long low) {
      return (int) (PointHash.mix(high ^ Long.rotateLeft(low, 32)) >>> 32) & mask;
    }

    private boolean isAt(int place, long high, long low) {
      return words == 1
          ? keys[place] == high
          : keys[2 * place] == high && keys[2 * place + 1] == low;
    }

    private int find(long high, long low) {
      int place = home(high, low);
      while (slotsPlusOne[place] != 0 && !isAt(place, high, low)) {
        place = (place + 1) & mask;
      }
      return place;
    }

    int get(long high, long low) {
      return slotsPlusOne[find(high, low)] - 1;
    }

    int put(long high, long low, int slot) {
      int place = find(high, low);
      int former = slotsPlusOne[place] - 1;
      slotsPlusOne[place] = slot + 1;
      if (former == NONE) {
        setKey(place, high, low);
        count++;
        if (count * 8L > slotsPlusOne.length * 5L) {
          grow();
        }
      }
      return former;
    }

    int remove(long high, long low) {
      int hole = find(high, low);
      int former = slotsPlusOne[hole] - 1;
      if (former == NONE) {
        return NONE;
      }
      count--;
      int place = hole;
      while (true) {
        place = (place + 1) & mask;
        if (slotsPlusOne[place] == 0) {
          slotsPlusOne[hole] = 0;
          return former;
        }
        int home = home(keys[place * words], words == 1 ? 0 : keys[place * 2 + 1]);
        // An entry may fill the hole when its home is not cyclically inside (hole, place].
        if (((place - home) & mask) >= ((place - hole) & mask)) {
          slotsPlusOne[hole] = slotsPlusOne[place];
          setKey(hole, keys[place * words], words == 1 ? 0 : keys[place * 2 + 1]);
          hole = place;
        }
      }
    }

    private void setKey(int place, long high, long low) {
      keys[place * words] = high;
      if (words == 2) {
        keys[place * 2 + 1] = low;
      }
    }

    private void grow() {
      long[] oldKeys = keys;
      int[] oldSlots = slotsPlusOne;
      int capacity = oldSlots.length * 2;
      keys = new long[capacity * words];
      slotsPlusOne = new int[capacity];
      mask = capacity - 1;
      for (int i = 0; i < oldSlots.length; i++) {
        if (oldSlots[i] != 0) {
          long high = oldKeys[i * words];
          long low = words == 1 ? 0 : oldKeys[i * 2 + 1];
          int place = find(high, low);
          setKey(place, high, low);
          slotsPlusOne[place] = oldSlots[i];
        }
      }
    }

    long memoryBytes() {
      return 8L * keys.length + 4L * slotsPlusOne.length;
    }
  }
}
