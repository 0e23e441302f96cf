package dev.eddy.query.rest.json;

import dev.eddy.model.cluster.CollectionAdmin.AliasAction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code {"actions": [...]}}: changes of aliases, in order. */
public final class AliasActionsReader {
  private AliasActionsReader() {}

  public static List<AliasAction> read(JsonBody body) throws IOException {
    var draft =
        new Object() {
          @Nullable List<AliasAction> actions;
        };
    body.object(
        "struct ChangeAliasesOperation",
        field -> {
          if (field.equals("actions")) {
            List<AliasAction> actions = new ArrayList<>();
            body.array(() -> actions.add(action(body)));
            draft.actions = actions;
          } else {
            body.skip();
          }
        });
    if (draft.actions == null) {
      throw body.missing("actions");
    }
    return draft.actions;
  }

  private static AliasAction action(JsonBody body) throws IOException {
    var draft =
        new Object() {
          @Nullable AliasAction action;
        };
    body.object(
        "AliasOperations",
        field -> {
          AliasAction action =
              switch (field) {
                case "create_alias" -> {
                  Map<String, String> names = names(body, "collection_name", "alias_name");
                  yield new AliasAction.Create(
                      name(names, "collection_name"), name(names, "alias_name"));
                }
                case "delete_alias" ->
                    new AliasAction.Delete(name(names(body, "alias_name"), "alias_name"));
                case "rename_alias" -> {
                  Map<String, String> names = names(body, "old_alias_name", "new_alias_name");
                  yield new AliasAction.Rename(
                      name(names, "old_alias_name"), name(names, "new_alias_name"));
                }
                default -> throw body.noVariant("AliasOperations");
              };
          if (draft.action != null) {
            throw body.malformedHere("an action has exactly one name");
          }
          draft.action = action;
        });
    if (draft.action == null) {
      throw body.noVariant("AliasOperations");
    }
    return draft.action;
  }

  private static Map<String, String> names(JsonBody body, String... fields) throws IOException {
    Map<String, String> names = new LinkedHashMap<>();
    List<String> wanted = List.of(fields);
    body.object(
        "an action on aliases",
        field -> {
          if (wanted.contains(field)) {
            names.put(field, body.string());
          } else {
            body.skip();
          }
        });
    for (String field : wanted) {
      if (!names.containsKey(field)) {
        throw body.missing(field);
      }
    }
    return names;
  }

  private static String name(Map<String, String> names, String field) {
    return names.getOrDefault(field, "");
  }
}
