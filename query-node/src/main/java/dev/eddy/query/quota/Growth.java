package dev.eddy.query.quota;

import dev.eddy.model.collection.Declaration;
import dev.eddy.model.update.Update;

/** Which writes add data. Those that don't are taken however full a node is: they make room. */
public final class Growth {
  private Growth() {}

  public static boolean of(Update update) {
    return ofVectors(update) || ofPayloads(update);
  }

  /** Whether an update brings vectors. */
  public static boolean ofVectors(Update update) {
    return switch (update) {
      case Update.Upsert _, Update.UpdateVectors _ -> true;
      case Update.Conditional conditional -> ofVectors(conditional.update());
      case Update.SetPayload _, Update.OverwritePayload _ -> false;
      case Update.Delete _, Update.DeleteVectors _ -> false;
      case Update.DeletePayload _, Update.ClearPayload _ -> false;
      case Update.Genesis _, Update.Configure _, Update.FromInbox _, Update.Noop _ -> false;
    };
  }

  /** Whether an update brings payloads. */
  public static boolean ofPayloads(Update update) {
    return switch (update) {
      case Update.Upsert _, Update.SetPayload _, Update.OverwritePayload _ -> true;
      case Update.Conditional conditional -> ofPayloads(conditional.update());
      case Update.UpdateVectors _, Update.Delete _, Update.DeleteVectors _ -> false;
      case Update.DeletePayload _, Update.ClearPayload _ -> false;
      case Update.Genesis _, Update.Configure _, Update.FromInbox _, Update.Noop _ -> false;
    };
  }

  public static boolean of(Declaration declaration) {
    return switch (declaration) {
      case Declaration.DeclareField _, Declaration.AddVector _, Declaration.AddSparseVector _ ->
          true;
      case Declaration.DropField _, Declaration.DropVector _ -> false;
    };
  }
}
