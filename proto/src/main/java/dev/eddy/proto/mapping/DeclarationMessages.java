package dev.eddy.proto.mapping;

import dev.eddy.model.collection.Declaration;
import dev.eddy.model.json.KeyPath;
import dev.eddy.proto.model.DeclarationMessage;

/** Declarations, as messages. */
final class DeclarationMessages {
  private DeclarationMessages() {}

  static DeclarationMessage declaration(Declaration declaration) {
    DeclarationMessage.Builder builder = DeclarationMessage.newBuilder();
    switch (declaration) {
      case Declaration.DeclareField declare ->
          builder.setDeclareField(
              FieldIndexMessages.index(declare.field().text(), declare.index()));
      case Declaration.DropField drop -> builder.setDropField(drop.field().text());
      case Declaration.AddVector add ->
          builder.setAddVector(SpecMessages.vector(add.name(), add.params()));
      case Declaration.AddSparseVector add ->
          builder.setAddSparseVector(SparseMessages.params(add.name(), add.params()));
      case Declaration.DropVector drop -> builder.setDropVector(drop.name());
    }
    return builder.build();
  }

  static Declaration declaration(DeclarationMessage message) {
    return switch (message.getDeclarationCase()) {
      case DECLARE_FIELD ->
          new Declaration.DeclareField(
              KeyPath.parse(message.getDeclareField().getField()),
              FieldIndexMessages.index(message.getDeclareField()));
      case DROP_FIELD -> new Declaration.DropField(KeyPath.parse(message.getDropField()));
      case ADD_VECTOR ->
          new Declaration.AddVector(
              message.getAddVector().getName(), SpecMessages.vector(message.getAddVector()));
      case ADD_SPARSE_VECTOR ->
          new Declaration.AddSparseVector(
              message.getAddSparseVector().getName(),
              SparseMessages.params(message.getAddSparseVector()));
      case DROP_VECTOR -> new Declaration.DropVector(message.getDropVector());
      case DECLARATION_NOT_SET -> throw PointMessages.unset("declaration");
    };
  }
}
