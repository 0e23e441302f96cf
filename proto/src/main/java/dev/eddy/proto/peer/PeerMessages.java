package dev.eddy.proto.peer;

import dev.eddy.model.cluster.ChangeId;
import dev.eddy.model.cluster.CollectionAdmin.AliasAction;
import dev.eddy.model.cluster.QuotaConfig;
import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.proto.mapping.QuotaMessages;
import dev.eddy.proto.mapping.SpecMessages;
import java.time.Duration;
import java.util.List;

/**
 * Calls of {@link dev.eddy.model.cluster.CollectionAdmin} as messages and back. A message that is
 * not well formed fails with an {@link IllegalArgumentException}.
 */
public final class PeerMessages {
  private PeerMessages() {}

  public static CreateCollectionMessage create(
      ChangeId id, String name, CollectionSpec spec, Duration timeout) {
    return CreateCollectionMessage.newBuilder()
        .setId(id(id))
        .setName(name)
        .setSpec(SpecMessages.spec(spec))
        .setTimeoutMs(timeout.toMillis())
        .build();
  }

  public static CollectionSpec spec(CreateCollectionMessage message) {
    return SpecMessages.spec(message.getSpec());
  }

  public static UpdateCollectionMessage update(
      ChangeId id, String name, CollectionChange change, Duration timeout) {
    return UpdateCollectionMessage.newBuilder()
        .setId(id(id))
        .setName(name)
        .setChange(SpecMessages.change(change))
        .setTimeoutMs(timeout.toMillis())
        .build();
  }

  public static CollectionChange change(UpdateCollectionMessage message) {
    return SpecMessages.change(message.getChange());
  }

  public static DeleteCollectionMessage delete(ChangeId id, String name, Duration timeout) {
    return DeleteCollectionMessage.newBuilder()
        .setId(id(id))
        .setName(name)
        .setTimeoutMs(timeout.toMillis())
        .build();
  }

  public static UpdateAliasesMessage aliases(
      ChangeId id, List<AliasAction> actions, Duration timeout) {
    UpdateAliasesMessage.Builder builder =
        UpdateAliasesMessage.newBuilder().setId(id(id)).setTimeoutMs(timeout.toMillis());
    actions.forEach(action -> builder.addActions(action(action)));
    return builder.build();
  }

  public static List<AliasAction> actions(UpdateAliasesMessage message) {
    return message.getActionsList().stream().map(PeerMessages::action).toList();
  }

  public static SetQuotasMessage quotas(ChangeId id, QuotaConfig quotas, Duration timeout) {
    return SetQuotasMessage.newBuilder()
        .setId(id(id))
        .setQuotas(QuotaMessages.quotas(quotas))
        .setTimeoutMs(timeout.toMillis())
        .build();
  }

  public static QuotaConfig quotas(SetQuotasMessage message) {
    return QuotaMessages.quotas(message.getQuotas());
  }

  private static ChangeIdMessage id(ChangeId id) {
    return ChangeIdMessage.newBuilder()
        .setNodeId(id.nodeId())
        .setIncarnation(id.incarnation())
        .setSlot(id.slot())
        .setSequence(id.sequence())
        .build();
  }

  public static ChangeId id(ChangeIdMessage message) {
    if (message.getNodeId().isEmpty()) {
      throw new IllegalArgumentException("the id of the change is not set");
    }
    return new ChangeId(
        message.getNodeId(), message.getIncarnation(), message.getSlot(), message.getSequence());
  }

  private static AliasActionMessage action(AliasAction action) {
    AliasActionMessage.Builder builder = AliasActionMessage.newBuilder();
    switch (action) {
      case AliasAction.Create create ->
          builder.setCreate(
              CreateAliasMessage.newBuilder()
                  .setCollection(create.collection())
                  .setAlias(create.alias()));
      case AliasAction.Delete delete -> builder.setDelete(delete.alias());
      case AliasAction.Rename rename ->
          builder.setRename(
              RenameAliasMessage.newBuilder()
                  .setOldAlias(rename.oldAlias())
                  .setNewAlias(rename.newAlias()));
    }
    return builder.build();
  }

  private static AliasAction action(AliasActionMessage message) {
    return switch (message.getActionCase()) {
      case CREATE ->
          new AliasAction.Create(
              message.getCreate().getCollection(), message.getCreate().getAlias());
      case DELETE -> new AliasAction.Delete(message.getDelete());
      case RENAME ->
          new AliasAction.Rename(
              message.getRename().getOldAlias(), message.getRename().getNewAlias());
      case ACTION_NOT_SET -> throw new IllegalArgumentException("alias action is not set");
    };
  }
}
