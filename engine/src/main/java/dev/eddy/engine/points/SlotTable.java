package dev.eddy.engine.points;

import dev.eddy.model.point.PointId;

/**
 * Which point each slot is, and which slot each point: ids, versions, hashes and live bits, with
 * the content hash kept in step.
 *
 * <p>A slot is dense, table-wide, never used again, and names one immutable set of vectors of one
 * point. Memory per slot: 32 bytes for numbers (40 for UUIDs), and 20 to 40 per live point for the
 * id map.
 *
 * <p>Threading: owned by the shard's writer; readers use a {@link View}.
 */
public final class SlotTable {
  /** Slots of a shard at most. */
  public static final int SLOTS_MAX = Integer.MAX_VALUE - PagedLongs.PAGE_SIZE;

  private final SlotIds ids = new SlotIds();
  private final PagedLongs versions = new PagedLongs();
  private final PagedLongs payloadHashes = new PagedLongs();
  private final PagedLongs vectorHashes = new PagedLongs();
  private final LiveBits live = new LiveBits();
  private final IdMap slotsById = new IdMap();
  private final ContentHash contentHash = new ContentHash(0, 0);

  /** What a reader sees: the slots of one moment. */
  public record View(SlotIds.View ids, PagedLongs.View versions, LiveBits.View live) {}

  /** Everything that a checkpoint stores of the slots of one moment. */
  public record Image(View slots, PagedLongs.View payloadHashes, PagedLongs.View vectorHashes) {}

  /** The live slot of a point, or {@link IdMap#NONE}. */
  public int slotOf(PointId id) {
    return slotsById.get(id);
  }

  public PointId idOf(int slot) {
    return ids.get(slot);
  }

  public long versionOf(int slot) {
    return versions.get(slot);
  }

  public long payloadHashOf(int slot) {
    return payloadHashes.get(slot);
  }

  public long vectorsHashOf(int slot) {
    return vectorHashes.get(slot);
  }

  public boolean isLive(int slot) {
    return live.isLive(slot);
  }

  /** Points. */
  public int points() {
    return live.live();
  }

  /** Slots ever given. */
  public int slots() {
    return ids.size();
  }

  /**
   * Gives the point the next slot; its former one, if any, becomes dead.
   *
   * @return the new slot
   */
  public int place(PointId id, long version, long payloadHash, long vectorsHash) {
    int slot = ids.size();
    if (slot >= SLOTS_MAX) {
      throw new IllegalStateException("shard is out of slots: " + slot + " used");
    }
    ids.append(id);
    versions.append(version);
    payloadHashes.append(payloadHash);
    vectorHashes.append(vectorsHash);
    live.append(true);
    contentHash.add(id, version, payloadHash, vectorsHash);
    int former = slotsById.put(id, slot);
    if (former != IdMap.NONE) {
      retire(former, id);
    }
    return slot;
  }

  /** Passes over a slot that is dead already; used when a table is restored. */
  public void skip() {
    ids.skip();
    versions.skip();
    payloadHashes.skip();
    vectorHashes.skip();
    live.append(false);
  }

  /** Deletes a point whose live slot this is. */
  public void delete(int slot) {
    PointId id = ids.get(slot);
    slotsById.remove(id);
    retire(slot, id);
  }

  private void retire(int slot, PointId id) {
    contentHash.remove(id, versions.get(slot), payloadHashes.get(slot), vectorHashes.get(slot));
    if (live.clear(slot)) {
      int page = slot >>> PagedLongs.PAGE_BITS;
      ids.dropPage(page);
      versions.dropPage(page);
      payloadHashes.dropPage(page);
      vectorHashes.dropPage(page);
    }
  }

  /** The payload of a live slot changed, its vectors did not. */
  public void setPayload(int slot, long version, long payloadHash) {
    PointId id = ids.get(slot);
    long vectorsHash = vectorHashes.get(slot);
    contentHash.remove(id, versions.get(slot), payloadHashes.get(slot), vectorsHash);
    contentHash.add(id, version, payloadHash, vectorsHash);
    versions.set(slot, version);
    payloadHashes.set(slot, payloadHash);
  }

  /** A vector of a live slot went; its version stays. */
  public void setVectors(int slot, long vectorsHash) {
    PointId id = ids.get(slot);
    long version = versions.get(slot);
    long payloadHash = payloadHashes.get(slot);
    contentHash.remove(id, version, payloadHash, vectorHashes.get(slot));
    contentHash.add(id, version, payloadHash, vectorsHash);
    vectorHashes.set(slot, vectorsHash);
  }

  public ContentHash contentHash() {
    return contentHash;
  }

  /** What readers see from here on. */
  public View freeze() {
    return new View(ids.freeze(), versions.freeze(), live.freeze());
  }

  /** What a checkpoint of this moment holds. */
  public Image image() {
    return new Image(freeze(), payloadHashes.freeze(), vectorHashes.freeze());
  }

  public long memoryBytes() {
    return ids.memoryBytes()
        + versions.memoryBytes()
        + payloadHashes.memoryBytes()
        + vectorHashes.memoryBytes()
        + slotsById.memoryBytes();
  }
}
