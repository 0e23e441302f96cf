package dev.eddy.model.cluster;

import java.util.UUID;

/**
 * What one record of the metadata topic says. Each is complete by itself and replaces what an
 * earlier one said of the same {@link #key()}, so that the topic can be compacted.
 */
public sealed interface MetaChange {
  /**
   * Stands for the offset of the record itself, in {@link Generation#metaNumber()} and {@link
   * Placement#version()}, which the writer can't know.
   */
  long THIS_RECORD = -1;

  /** What the record is about: the key of the record. Stored, so it never changes. */
  String key();

  /** Whether the record takes away what its key names: a record without value. */
  default boolean isRemoval() {
    return switch (this) {
      case GenerationForgotten _, AliasRemoved _, PlacementRemoved _, NoteRemoved _ -> true;
      case LeaderElected _,
          GenerationSet _,
          CounterSet _,
          AliasSet _,
          PlacementSet _,
          NoteSet _,
          QuotasSet _ ->
          false;
    };
  }

  /** From here on this node decides. */
  record LeaderElected(long epoch, String nodeId, long incarnation) implements MetaChange {
    @Override
    public String key() {
      return "leader";
    }
  }

  /** A generation as it is from here on, in whatever state. */
  record GenerationSet(Generation generation) implements MetaChange {
    @Override
    public String key() {
      return generationKey(generation.collectionId(), generation.generation());
    }
  }

  /** The inbox can hold no record of this dropped generation any more. */
  record GenerationForgotten(UUID collectionId, int generation) implements MetaChange {
    @Override
    public String key() {
      return generationKey(collectionId, generation);
    }
  }

  /** The largest generation number that a collection name ever had. */
  record CounterSet(String name, int last) implements MetaChange {
    @Override
    public String key() {
      return "counter/" + name;
    }
  }

  record AliasSet(String alias, String collection) implements MetaChange {
    @Override
    public String key() {
      return "alias/" + alias;
    }
  }

  record AliasRemoved(String alias) implements MetaChange {
    @Override
    public String key() {
      return "alias/" + alias;
    }
  }

  record PlacementSet(Placement placement) implements MetaChange {
    @Override
    public String key() {
      return "placement/" + placement.collectionId();
    }
  }

  record PlacementRemoved(UUID collectionId) implements MetaChange {
    @Override
    public String key() {
      return "placement/" + collectionId;
    }
  }

  record NoteSet(String name, String text) implements MetaChange {
    @Override
    public String key() {
      return "note/" + name;
    }
  }

  record NoteRemoved(String name) implements MetaChange {
    @Override
    public String key() {
      return "note/" + name;
    }
  }

  /** How full every node may be from here on. */
  record QuotasSet(QuotaConfig quotas) implements MetaChange {
    @Override
    public String key() {
      return "quotas";
    }
  }

  /**
   * What a record without value takes away.
   *
   * @throws IllegalArgumentException for a key that no removal has
   */
  static MetaChange removal(String key) {
    int slash = key.indexOf('/');
    String kind = slash < 0 ? key : key.substring(0, slash);
    String name = key.substring(slash + 1);
    return switch (kind) {
      case "alias" -> new AliasRemoved(name);
      case "note" -> new NoteRemoved(name);
      case "placement" -> new PlacementRemoved(UUID.fromString(name));
      case "generation" -> {
        int dot = name.lastIndexOf(".g");
        if (dot < 0) {
          throw new IllegalArgumentException("no generation key: " + key);
        }
        yield new GenerationForgotten(
            UUID.fromString(name.substring(0, dot)), Integer.parseInt(name.substring(dot + 2)));
      }
      default -> throw new IllegalArgumentException("no key of a removal: " + key);
    };
  }

  private static String generationKey(UUID collectionId, int generation) {
    return "generation/" + collectionId + ".g" + generation;
  }
}
